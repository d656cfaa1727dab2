using System.Diagnostics;
using Picket.Sensors.Ebpf;

namespace Picket.Spec.Ebpf;

/// <summary>The compiled programs, built once per run from the sources in bpf/.</summary>
internal static class KernelObjects
{
    private static readonly Lazy<(string Folder, string? Problem)> Built = new(Build);

    /// <summary>The folder of the objects; skips the calling test where they cannot be compiled.</summary>
    public static string Folder
    {
        get
        {
            var (folder, problem) = Built.Value;
            Assert.SkipWhen(problem is not null, problem ?? "");
            return folder;
        }
    }

    /// <summary>Skips the calling test where the kernel programs cannot be loaded, and says what is missing.</summary>
    public static EbpfOptions Require(string? pinFolder, int ringBytes = 4 * 1024 * 1024)
    {
        var options = new EbpfOptions(Folder, pinFolder, ringBytes);
        var missing = HostRequirements.Check(options);
        Assert.SkipUnless(missing.Count == 0, $"the kernel programs cannot be loaded here: {string.Join("; ", missing.Select(m => m.What))}");
        return options;
    }

    private static (string, string?) Build()
    {
        var folder = Path.Combine(Corpora.Root, ".build", "bpf");
        using var build = Process.Start(new ProcessStartInfo("bash", [Path.Combine(Corpora.Root, "bpf", "build.sh"), folder]) { RedirectStandardError = true })!;
        var error = build.StandardError.ReadToEnd();
        build.WaitForExit();
        return (folder, build.ExitCode == 0 ? null : error);
    }
}
