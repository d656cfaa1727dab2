using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Picket.Node.CommandLine;

namespace Picket.Node.Demo;

/// <summary>
/// Starts <c>picket run</c> as a child, plays the story with copies of a program that does nothing, and compares the alerts
/// that became readable with those that must come.
/// </summary>
internal sealed class DemoRun : IAsyncDisposable
{
    private const string NoOperation = "/bin/true";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AlertTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SignalTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("picket-demo-").FullName;
    private readonly List<(DemoStep Step, int Pid)> _played = [];
    private readonly TextWriter _out;
    private readonly TimeProvider _time;
    private Process? _node;

    public DemoRun(TextWriter output, TimeProvider time)
    {
        _out = output;
        _time = time;
    }

    private string Alerts => Path.Combine(_folder, "alerts.ndjson");

    /// <summary>Plays the whole demo and returns the exit status.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was called for; disposing ends the child and takes the rest
    /// away.</exception>
    public async Task<int> RunAsync(string? config, CancellationToken stop)
    {
        if (await StartNodeAsync(config, stop) is { } status) return status;
        await _out.WriteLineAsync();
        await _out.WriteLineAsync($"The story: copies of {NoOperation} under telling names, in {_folder}.");
        foreach (var step in DemoStory.Steps) await PlayAsync(step, stop);
        await _out.WriteLineAsync();
        var missing = await CollectAsync(stop);
        await StopNodeAsync(stop);
        await _out.WriteLineAsync();
        if (missing == 0)
        {
            await _out.WriteLineAsync($"demo: all {DemoStory.Steps.Count} expected alerts came");
            return ExitCodes.Done;
        }

        await _out.WriteLineAsync(
            $"demo: {missing} of {DemoStory.Steps.Count} expected alerts did not come within {AlertTimeout.TotalSeconds:0} s");
        return ExitCodes.Findings;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            // A terminal tells the child of Ctrl-C as well, and a second interrupt would cut its orderly end short.
            if (!await EndsWithinAsync(_node, SignalTimeout))
            {
                Signals.Interrupt(_node.Id);
                if (!await EndsWithinAsync(_node, StopTimeout)) _node.Kill();
            }

            await _node.WaitForExitAsync();
            _node.Dispose();
        }

        var pins = PinPath;
        if (Directory.Exists(pins))
        {
            foreach (var pin in Directory.EnumerateFiles(pins)) File.Delete(pin);
            Directory.Delete(pins);
        }

        Directory.Delete(_folder, true);
    }

    private async Task<bool> EndsWithinAsync(Process process, TimeSpan time)
    {
        using var timeout = new CancellationTokenSource(time, _time);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string PinPath => string.Create(CultureInfo.InvariantCulture, $"/sys/fs/bpf/picket-demo-{Environment.ProcessId}");

    /// <summary>Returns the child's status when it ended instead of starting.</summary>
    private async Task<int?> StartNodeAsync(string? config, CancellationToken stop)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var argument in (string[])["run", "--alerts", Alerts, "-o", $"node.data-dir={Path.Combine(_folder, "state")}",
            "-o", $"sensors.ebpf.pin-path={PinPath}", "-o", "sensors.logs.enabled=false", "-o", "alerts.console.enabled=false"])
        {
            start.ArgumentList.Add(argument);
        }

        if (config is not null)
        {
            start.ArgumentList.Add("--config");
            start.ArgumentList.Add(config);
        }

        _node = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(StartTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            while (await _node.StandardOutput.ReadLineAsync(either.Token) is { } line)
            {
                await _out.WriteLineAsync(line);
                if (line.StartsWith(RunCommand.ReadyLine, StringComparison.Ordinal)) return null;
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new MissingPartException($"the node was not ready within {StartTimeout.TotalSeconds:0} s");
        }

        await _node.WaitForExitAsync(stop);
        return _node.ExitCode == ExitCodes.Done ? ExitCodes.Findings : _node.ExitCode;
    }

    private async Task PlayAsync(DemoStep step, CancellationToken stop)
    {
        var program = Path.Combine(_folder, step.Tool);
        if (!File.Exists(program)) File.Copy(NoOperation, program);
        var start = new ProcessStartInfo(program);
        foreach (var argument in step.Arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        _played.Add((step, process.Id));
        await process.WaitForExitAsync(stop);
        await _out.WriteLineAsync($"  {step.Says,-42} {step.Tool} {string.Join(' ', step.Arguments)}");
    }

    /// <summary>Shows the alerts of the story as they become readable; returns how many are missing.</summary>
    private async Task<int> CollectAsync(CancellationToken stop)
    {
        using var tail = new AlertTail(Alerts);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(1), _time);
        var waiting = _played.ToDictionary(played => (played.Pid, played.Step.RuleId), played => played.Step);
        var started = _time.GetTimestamp();
        await _out.WriteLineAsync("The alerts, with the time from the kernel's stamp of the exec to the finished alert:");
        while (waiting.Count > 0 && _time.GetElapsedTime(started) < AlertTimeout)
        {
            foreach (var alert in tail.Read()) await ShowAsync(alert, waiting);
            await poll.WaitForNextTickAsync(stop);
        }

        foreach (var step in waiting.Values) await _out.WriteLineAsync($"  missing: rule {step.RuleId} for {step.Tool} ({step.Says})");
        return waiting.Count;
    }

    private async Task ShowAsync(JsonElement alert, Dictionary<(int Pid, string RuleId), DemoStep> waiting)
    {
        if (!alert.TryGetProperty("process", out var process) || !process.TryGetProperty("pid", out var pid)) return;
        if (!_played.Any(played => played.Pid == pid.GetInt32())) return;
        var rule = alert.GetProperty("rule");
        waiting.Remove((pid.GetInt32(), rule.GetProperty("id").GetString()!));
        var stamp = alert.GetProperty("@timestamp").GetDateTimeOffset();
        var finished = alert.GetProperty("event").GetProperty("ingested").GetDateTimeOffset();
        var late = (finished - stamp).TotalMilliseconds;
        await _out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"  +{late,6:0.0} ms  {rule.GetProperty("name").GetString(),-46} {Chain(process)}"));
    }

    private static string Chain(JsonElement process)
    {
        var parent = process.TryGetProperty("parent", out var above) && above.TryGetProperty("name", out var name)
            ? name.GetString() + " > " : "";
        return parent + (process.TryGetProperty("command_line", out var line) ? line.GetString() : process.GetProperty("name").GetString());
    }

    private async Task StopNodeAsync(CancellationToken stop)
    {
        Signals.Interrupt(_node!.Id);
        using var timeout = new CancellationTokenSource(StopTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            while (await _node.StandardOutput.ReadLineAsync(either.Token) is { } line) await _out.WriteLineAsync(line);
            await _node.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new MissingPartException($"the node did not end within {StopTimeout.TotalSeconds:0} s");
        }
    }
}
