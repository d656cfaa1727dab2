using System.Diagnostics;
using System.Runtime.Versioning;

namespace Picket.Spec.Durability;

/// <summary>The C programs of tests/Shim, compiled into .build/shim when they are older than their sources.</summary>
[SupportedOSPlatform("linux")]
internal static class ShimLibrary
{
    private static readonly string Sources = System.IO.Path.Combine(Corpora.Root, "tests", "Shim");
    private static readonly Lazy<string> Library = new(() => Compile("platter.so", ["shim.c", "platter.c", "content.c"], "-fPIC", "-shared", "-fvisibility=hidden"));
    private static readonly Lazy<string> WriterProgram = new(() => Compile("writer", ["writer.c"]));

    /// <summary>The library to preload.</summary>
    public static string Path => Library.Value;

    /// <summary>The program of writer.c.</summary>
    public static string Writer => WriterProgram.Value;

    private static string Compile(string name, string[] sources, params string[] options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a library is preloaded on Linux");
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Corpora.Root, ".build", "shim")).FullName;
        var target = System.IO.Path.Combine(folder, name);
        var newest = Directory.EnumerateFiles(Sources).Max(File.GetLastWriteTimeUtc);
        if (File.Exists(target) && File.GetLastWriteTimeUtc(target) > newest) return target;

        // Written aside and moved: another test program may be compiling or using it.
        var aside = $"{target}.{Environment.ProcessId}";
        var start = new ProcessStartInfo("clang", ["-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", .. options, "-o", aside, .. sources, "-lpthread"])
        {
            WorkingDirectory = Sources,
            RedirectStandardError = true,
        };
        using var compiler = Process.Start(start)!;
        var error = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, error);
        File.Move(aside, target, overwrite: true);
        return target;
    }
}
