using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Picket.Node.CommandLine;
using Picket.Node.Demo;
using Picket.Spec.Ebpf;
using Picket.Spec.Live;

namespace Picket.Spec.Cli;

/// <summary>Folder, pins and processes of <c>picket run</c> in a test; what is still there at the end is removed.</summary>
[SupportedOSPlatform("linux")]
internal sealed partial class RunningNode : IAsyncDisposable
{
    public const int SigHup = 1;
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigCont = 18;
    public const int SigStop = 19;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static int _made;

    private readonly StringBuilder _out = new();
    private Process? _process;
    private Task<string>? _error;
    private volatile string _said = "";

    /// <summary>Prepares; skips the calling test where the kernel programs cannot be loaded.</summary>
    public RunningNode()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");
        Pins = $"/sys/fs/bpf/picket-spec-cli-{name}";
        _ = KernelObjects.Require(Pins);
        Folder = $"/tmp/picket-cli-{name}";
        Directory.CreateDirectory(Folder);
    }

    public string Folder { get; }

    public string Pins { get; }

    /// <summary>
    /// A line of bash that prepares a mount namespace of the node's own, in which <c>"$0" "$@"</c> is the node; null for none. The host
    /// sees nothing of it.
    /// </summary>
    public string? Surroundings { get; init; }

    /// <summary>The program.</summary>
    public string Program { get; init; } = Cli.Program;

    /// <summary>The configuration file.</summary>
    public string Config { get; init; } = Cli.Config;

    /// <summary>The node's process.</summary>
    public int Pid => _process!.Id;

    public string AlertsFile => Path.Combine(Folder, "alerts", "alerts.ndjson");

    /// <summary>The arguments of a run with everything of its own.</summary>
    public IEnumerable<string> Arguments(params IEnumerable<string> more) =>
    [
        "run", "--config", Config, "--alerts", AlertsFile, "-o", $"node.data-dir={Folder}/state",
        "-o", $"sensors.ebpf.pin-path={Pins}", "-o", "alerts.console.enabled=false", .. more,
    ];

    /// <summary>Starts it and waits until it watches.</summary>
    public Task StartAsync(params IEnumerable<string> more)
    {
        Launch(more);
        return WatchingAsync();
    }

    /// <summary>Waits until it watches.</summary>
    public async Task WatchingAsync()
    {
        using var timeout = new CancellationTokenSource(Timeout);
        while (await _process!.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            _out.AppendLine(line);
            if (line.StartsWith(RunCommand.ReadyLine, StringComparison.Ordinal)) return;
        }

        Assert.Fail($"the node ended before it watched:\n{_out}\n{await _error!}");
    }

    /// <summary>Starts it, no more.</summary>
    public void Launch(params IEnumerable<string> more)
    {
        Assert.Null(_process);
        _out.Clear();
        _said = "";
        var start = Surroundings is null ? new ProcessStartInfo(Program, Arguments(more)) : new ProcessStartInfo("unshare",
            ["--mount", "--propagation", "private", "bash", "-ec", Surroundings + "\nexec \"$0\" \"$@\"", Program, .. Arguments(more)]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _error = ReadErrorAsync(_process.StandardError);
    }

    /// <summary>What it has said on standard error so far, whole lines.</summary>
    public string Said => _said;

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal) => Assert.Equal(0, kill(_process!.Id, signal));

    /// <summary>Sends a signal to a process that this node started.</summary>
    public static void Signal(int pid, int signal) => Assert.Equal(0, kill(pid, signal));

    /// <summary>What the node says of itself, for what a test says when it fails.</summary>
    public async Task<string> StatusAsync()
    {
        var status = await Cli.RunAsync("status", "--config", Config, "-o", $"node.data-dir={Folder}/state");
        return status.Out + status.Error;
    }

    /// <summary>Sends a signal and returns what the run left.</summary>
    public Task<CliResult> EndAsync(int signal)
    {
        Assert.Equal(0, kill(_process!.Id, signal));
        return EndAsync();
    }

    /// <summary>
    /// Sends a signal and waits for nothing: the next may be started at once. The result is what the run left, and is complete when the
    /// process is gone.
    /// </summary>
    public async Task<CliResult> LeaveAsync(int signal)
    {
        var (process, error, begun) = (_process!, _error!, _out.ToString());
        Assert.Equal(0, kill(process.Id, signal));
        _process = null;
        using var timeout = new CancellationTokenSource(Timeout);
        var rest = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        var (pid, code) = (process.Id, process.ExitCode);
        process.Dispose();
        return new CliResult(pid, code, begun + rest, await error);
    }

    /// <summary>Waits for the run's own end.</summary>
    public async Task<CliResult> EndAsync()
    {
        var process = _process!;
        using var timeout = new CancellationTokenSource(Timeout);
        _out.Append(await process.StandardOutput.ReadToEndAsync(timeout.Token));
        await process.WaitForExitAsync(timeout.Token);
        _process = null;
        var (pid, code) = (process.Id, process.ExitCode);
        process.Dispose();
        return new CliResult(pid, code, _out.ToString(), await _error!);
    }

    /// <summary>Executes a program that does nothing under this name, to its end; returns its pid.</summary>
    public int Play(string name, params IEnumerable<string> arguments)
    {
        var tool = Path.Combine(Folder, name);
        if (!File.Exists(tool)) Probe.WriteStatic(tool);
        return Spawn.Run(tool, [name, .. arguments], null, Folder);
    }

    /// <summary>The alerts in the file: those of this process, by this rule.</summary>
    public List<JsonElement> Alerts(string ruleId, int pid)
    {
        using var tail = new AlertTail(AlertsFile);
        return [.. tail.Read().Where(alert => LiveNode.IsOf(alert, ruleId, pid))];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();

            // Its guard says so in the folder, and ends with the pipes that it shares.
            using var timeout = new CancellationTokenSource(Timeout);
            await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await _error!.WaitAsync(timeout.Token);
            process.Dispose();
        }

        if (Directory.Exists(Pins))
        {
            foreach (var pin in Directory.EnumerateFiles(Pins)) File.Delete(pin);
            Directory.Delete(Pins);
        }

        Directory.Delete(Folder, recursive: true);
    }

    private async Task<string> ReadErrorAsync(StreamReader reader)
    {
        var said = "";
        while (await reader.ReadLineAsync() is { } line) _said = said += line + '\n';
        return said;
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
