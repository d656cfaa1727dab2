using System.Diagnostics;
using Picket.Node.CommandLine;

namespace Picket.Node.Bench.Sensors;

/// <summary>The benchmark's C programs, which a checkout builds and no package has.</summary>
internal sealed class BenchPrograms
{
    /// <summary>Where the generator works: a program that runs in a temporary folder is an alert by SigmaHQ's rules, and a storm of
    /// executions there would measure the writing of alerts.</summary>
    internal const string Ground = "/var/lib";

    private BenchPrograms(string folder) => Folder = folder;

    /// <summary>Where they lie.</summary>
    public string Folder { get; }

    /// <summary>The reader in C.</summary>
    public string Floor => Path.Combine(Folder, "floor");

    private string Load => Path.Combine(Folder, "load");

    /// <summary>Finds them in the build folder of the checkout that this program belongs to.</summary>
    /// <exception cref="MissingPartException">They are not there; the message says how to build them.</exception>
    public static BenchPrograms Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var folder = Path.Combine(at.FullName, ".build", "bench");
            if (File.Exists(Path.Combine(folder, "load")) && File.Exists(Path.Combine(folder, "floor"))) return new BenchPrograms(folder);
        }

        throw new MissingPartException("the benchmark's C programs are missing: in a checkout, bash tests/Bench/build.sh makes them");
    }

    /// <summary>Runs the generator to its end.</summary>
    /// <param name="arguments">As its source says.</param>
    /// <exception cref="IOException">It could not work, or operations of it failed.</exception>
    public async Task<IReadOnlyList<LoadResult>> RunLoadAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Load, ["--folder", Ground, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new IOException($"the load generator ended with {process.ExitCode}: {await error}{output}");
        return LoadResult.Parse(output);
    }
}
