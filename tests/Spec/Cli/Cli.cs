using System.Diagnostics;

namespace Picket.Spec.Cli;

/// <summary>Runs the built program as users do: as a process of its own.</summary>
internal static class Cli
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    /// <summary>The program beside the tests.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "picket.exe" : "picket");

    /// <summary>The configuration as shipped.</summary>
    public static string Config { get; } = Path.Combine(Corpora.Root, "config", "picket.conf");

    /// <summary>Runs it to its end.</summary>
    public static Task<CliResult> RunAsync(params IEnumerable<string> arguments) => RunAsync(new ProcessStartInfo(Program, arguments));

    /// <summary>Runs it to its end from a shell line in which <c>"$0" "$@"</c> is the program with its arguments.</summary>
    public static Task<CliResult> RunFromShellAsync(string line, params IEnumerable<string> arguments) =>
        RunAsync(new ProcessStartInfo("bash", ["-o", "pipefail", "-c", line, Program, .. arguments]));

    /// <summary>Runs it to its end, without any capability, whoever runs the tests.</summary>
    public static Task<CliResult> RunPowerlessAsync(params IEnumerable<string> arguments) => Environment.IsPrivilegedProcess
        ? RunAsync(new ProcessStartInfo("setpriv", ["--bounding-set=-all", "--inh-caps=-all", Program, .. arguments]))
        : RunAsync(arguments);

    private static async Task<CliResult> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Timeout);
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
            return new CliResult(process.Id, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"waited {Timeout.TotalSeconds:0} s for the end of: {start.FileName} {string.Join(' ', start.ArgumentList)}");
        }
    }
}
