using System.Diagnostics;

namespace Picket.Spec.Bench;

/// <summary>The C programs of tests/Bench, built once per run from their sources.</summary>
internal static class BenchTools
{
    private static readonly Lazy<string> Built = new(Build);

    /// <summary>The load generator.</summary>
    public static string Load => Path.Combine(Built.Value, "load");

    /// <summary>Sees to it that they are there.</summary>
    public static void Require()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the programs are for Linux");
        _ = Built.Value;
    }

    private static string Build()
    {
        var folder = Path.Combine(Corpora.Root, ".build", "bench");
        using var build = Process.Start(new ProcessStartInfo("bash", [Path.Combine(Corpora.Root, "tests", "Bench", "build.sh"), folder])
        {
            RedirectStandardError = true,
        })!;
        var error = build.StandardError.ReadToEnd();
        build.WaitForExit();
        Assert.True(build.ExitCode == 0, error);
        return folder;
    }
}
