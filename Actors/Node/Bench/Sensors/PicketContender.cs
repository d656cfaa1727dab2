using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Picket.Node.CommandLine;
using Picket.Node.Demo;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Node.Bench.Sensors;

/// <summary>This program as <c>picket run</c> starts it, with folders and pins of its own.</summary>
/// <param name="rules">Folders of rules.</param>
/// <param name="ringBytes">Size of the ring.</param>
/// <param name="exported">Kinds of events that are exported, as the configuration names them; null for none.</param>
internal sealed class PicketContender(IReadOnlyList<string> rules, int ringBytes, string? exported = null) : Contender("picket")
{
    private readonly string _pins = string.Create(CultureInfo.InvariantCulture, $"/sys/fs/bpf/picket-bench-{Environment.ProcessId}");
    private readonly StringBuilder _said = new();
    private Process? _process;
    private Task<string>? _error;
    private SafeFileHandle? _counters;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Processes => [_process!.Id];

    /// <summary>The file with the exported events, when they are asked for; in the folder of the run.</summary>
    public static string EventsFile(string folder) => Path.Combine(folder, "events.ndjson");

    /// <summary>What the last run said at its end, unless it is that its ledger balances and everything was drained; else null.</summary>
    public string? Trouble { get; private set; }

    /// <inheritdoc/>
    public override async Task StartAsync(string folder)
    {
        // An empty file: neither the system's configuration nor a checkout's must change what is measured.
        var config = Path.Combine(folder, "picket.conf");
        await File.WriteAllTextAsync(config, "");
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        List<string> arguments = ["run", "--config", config, "--alerts", Path.Combine(folder, "alerts", "alerts.ndjson")];
        foreach (var place in rules) arguments.AddRange(["--rules", place]);
        string[] own =
        [
            $"node.data-dir={folder}/state", $"sensors.ebpf.pin-path={_pins}", "sensors.ebpf.on-stop=remove",
            string.Create(CultureInfo.InvariantCulture, $"sensors.ebpf.ring-size={ringBytes}B"), "alerts.console.enabled=false",
        ];
        foreach (var text in own) arguments.AddRange(["-o", text]);
        if (exported is not null)
        {
            arguments.AddRange(["--events", EventsFile(folder), "-o", $"export.file.kinds=[{exported}]"]);
            arguments.AddRange(["-o", "export.file.rotate-size=1TiB"]);
        }

        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("DOTNET_TieredPGO");
        _said.Clear();
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(RunCommand.ReadyLine, StringComparison.Ordinal)) continue;
            _counters = Bpf.TryOpen(Path.Combine(_pins, "counters"));
            return;
        }

        throw new IOException($"picket run ended before it watched: {await _error}");
    }

    /// <inheritdoc/>
    public override Task<Tally> TallyAsync(StormKind kind)
    {
        var counters = CounterSnapshot.Read(_counters!, SharedMaps.PossibleCpus);
        var sum = default(Tally);
        for (var number = kind.FirstKind; number <= kind.LastKind; number++) sum += Of(counters[(RecordKind)number]);
        return Task.FromResult(sum);
    }

    /// <summary>What the kernel could not hand over of one kind of event.</summary>
    public long LostOf(int kind) => Of(CounterSnapshot.Read(_counters!, SharedMaps.PossibleCpus)[(RecordKind)kind]).Lost;

    /// <inheritdoc/>
    public override async Task StopAsync()
    {
        if (_process is null) return;
        using var process = _process;
        _process = null;
        _counters?.Dispose();
        if (!process.HasExited) Signals.Interrupt(process.Id);
        _said.Append(await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        var text = _said.ToString();
        var isGood = process.ExitCode == 0 && text.Contains("the ledger balances", StringComparison.Ordinal)
            && !text.Contains("not everything arrived", StringComparison.Ordinal);
        Trouble = isGood ? null : $"status {process.ExitCode}: " + text + await _error!;
    }

    private static Tally Of(in CounterRow row) => new((long)row.Submitted, (long)row.Lost, (long)row.Refused, (long)row.Busy);
}
