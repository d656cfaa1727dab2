using System.Diagnostics;
using System.Runtime.Versioning;

namespace Picket.Spec.Live;

/// <summary>The compiled parent.c: a program that starts another one.</summary>
[SupportedOSPlatform("linux")]
internal static class ParentProgram
{
    /// <summary>Compiles it to <paramref name="path"/>.</summary>
    public static void Compile(string path)
    {
        var source = Path.Combine(Corpora.Root, "tests", "Spec", "Live", "parent.c");
        var start = new ProcessStartInfo("clang", ["-O1", "-static", "-nostdlib", "-ffreestanding", "-fno-stack-protector", source, "-o", path])
        {
            RedirectStandardError = true,
        };
        using var compiler = Process.Start(start)!;
        var error = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, error);
    }

    /// <summary>The environment that makes it start <paramref name="child"/>.</summary>
    public static string[] EnvironmentFor(string child, IEnumerable<string> argv) => ["CHILD=" + child, .. argv];
}
