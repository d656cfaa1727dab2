using System.Diagnostics;

namespace Picket.Spec.Ebpf;

/// <summary>Small programs in C beside the tests, for what no shell can do.</summary>
internal static class CProgram
{
    /// <summary>Compiles <c>NAME.c</c> of this folder to a program in <paramref name="folder"/> and returns its path.</summary>
    public static string Compile(string name, string folder, params IReadOnlyList<string> options)
    {
        var program = Path.Combine(folder, name);
        CompileFrom(Path.Combine("tests", "Spec", "Ebpf", $"{name}.c"), program, options);
        return program;
    }

    /// <summary>Compiles a source of the repository, by its path there, to a program.</summary>
    public static void CompileFrom(string source, string program, params IReadOnlyList<string> options)
    {
        using var compiler = Process.Start(new ProcessStartInfo("clang", ["-O1", "-Wall", "-Werror", .. options, Path.Combine(Corpora.Root, source), "-o", program])
            { RedirectStandardError = true })!;
        var error = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, error);
    }
}
