using System.Globalization;
using Picket.Detection.Export;

namespace Picket.Node.Bench.Sensors;

/// <summary>
/// The sensor path as a whole, against the workload alone, the least that a reader in C can do, and other tools. Each round runs
/// every contender once, so that what the machine does meanwhile touches all alike.
/// </summary>
internal sealed class SensorBench(SensorBenchOptions options, BenchPrograms programs, Action<string> progress)
{
    private const string Alone = "alone";
    private const int WarmUps = 2;
    private const int ProbesPerSecond = 50;
    private static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(3);

    private readonly SensorBenchResult _result = new();
    private readonly Dictionary<(string, StormKind), StormRow> _rows = [];

    /// <summary>Measures everything.</summary>
    /// <exception cref="IOException">A contender or the generator could not work.</exception>
    public async Task<SensorBenchResult> RunAsync()
    {
        var contenders = Chosen();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                progress(string.Create(CultureInfo.InvariantCulture, $"round {round} of {options.Rounds}: {contender.Name}"));
                await InFolderAsync(folder => StormsAsync(contender, folder));
            }
        }

        if (IsChosen("picket"))
        {
            progress("every operation against what was seen");
            await InFolderAsync(CompareAsync);
            await InFolderAsync(LatencyAsync);
            if (options.Idle > TimeSpan.Zero) await InFolderAsync(IdleAsync);
        }

        return _result;
    }

    private bool IsChosen(string name) => options.Contenders.Count == 0
        || options.Contenders.Any(chosen => name.StartsWith(chosen, StringComparison.Ordinal));

    /// <summary>The workload alone is always there: everything else is measured against it.</summary>
    private List<Contender> Chosen()
    {
        var chosen = new List<Contender> { new NobodyContender() };
        foreach (var contender in Peers.All(options, programs))
        {
            if (!IsChosen(contender.Name)) continue;
            if (contender.Missing is { } why) _result.Absent[contender.Name] = why;
            else chosen.Add(contender);
        }

        return chosen;
    }

    private async Task StormsAsync(Contender contender, string folder)
    {
        try
        {
            await contender.StartAsync(folder);
            foreach (var kind in options.Kinds.Where(contender.Watches))
            {
                // What is compiled when it is first used is not what a service that has run for a minute costs.
                for (var i = 0; i < WarmUps; i++) await StormAsync(kind, 4);
                await MeasureAsync(contender, kind);
            }
        }
        finally
        {
            await contender.StopAsync();
            if (contender is PicketContender { Trouble: { } trouble }) _result.Unbalanced.Add(trouble);
        }
    }

    private async Task MeasureAsync(Contender contender, StormKind kind)
    {
        await ProcessFigures.UntilQuietAsync(contender.Processes, RestLimit);
        var (cpu, counted) = (ProcessFigures.Cpu(contender.Processes), await contender.TallyAsync(kind));
        var load = await StormAsync(kind, 1);

        // What waits in the contender is worked off first: it is part of the cost.
        await ProcessFigures.UntilQuietAsync(contender.Processes, RestLimit + TimeSpan.FromSeconds(5 * load.Seconds));
        var used = ProcessFigures.Cpu(contender.Processes) - cpu;
        var row = RowOf(contender.Name, kind);
        var made = load.Rounds * kind.EventsPerRound;
        row.Made += made;
        row.Counted += await contender.TallyAsync(kind) - counted;
        row.RoundsPerSecond.Add(load.Rounds / load.Seconds);
        if (contender.Name == Alone) return;
        row.Slowdown.Add(RowOf(Alone, kind).RoundsPerSecond[^1] / row.RoundsPerSecond[^1]);
        row.CpuPerMillion.Add(used / made * 1e6);
        row.Resident.Add(contender.Processes.Sum(ProcessFigures.Resident));
    }

    private async Task<LoadResult> StormAsync(StormKind kind, int part) => (await programs.RunLoadAsync(
        string.Create(CultureInfo.InvariantCulture, $"{kind.Name}:{Math.Max(1, (long)kind.Rounds * options.Percent / 100 / part)}")))[0];

    /// <summary>All kinds at once, as fast as possible; then each operation is looked for in the exported events.</summary>
    private async Task CompareAsync(string folder)
    {
        var picket = Exporting("all");
        var log = Path.Combine(folder, "load.log");
        var lost = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            await picket.StartAsync(folder);
            _result.AtOnce = await programs.RunLoadAsync(
                ["--log", log, "--seconds", Text(options.Seconds), .. options.Kinds.Select(kind => $"{kind.Name}:0")]);
            await ProcessFigures.UntilQuietAsync(picket.Processes, RestLimit);
            foreach (var kind in ExportKinds.All) lost[ExportKinds.NameOf(kind)] = picket.LostOf((int)kind);
        }
        finally
        {
            await picket.StopAsync();
            if (picket.Trouble is { } trouble) _result.Unbalanced.Add(trouble);
        }

        var done = LoadLog.Read(log);
        var processes = GroundTruth.ProcessesOf(done);
        var truth = new GroundTruth(done, ExportedEvent.Read(PicketContender.EventsFile(folder), processes.Contains),
            kind => lost.GetValueOrDefault(kind));
        _result.Accounts = truth.Compare();
    }

    /// <summary>Paced execs, alone and then beside storms of everything, and how late their events are in the engines.</summary>
    private async Task LatencyAsync(string folder)
    {
        progress("latency");
        var picket = Exporting("process_creation");
        var probe = $"exec:0:{ProbesPerSecond}";
        string[] full = [.. options.Kinds.Select(kind => $"{kind.Name}:0")];
        var loads = new List<(string Name, string[] Beside)> { ("paced", []), ("full", full) };
        try
        {
            await picket.StartAsync(folder);
            await programs.RunLoadAsync("--seconds", "1", probe);
            foreach (var (name, beside) in loads)
            {
                await ProcessFigures.UntilQuietAsync(picket.Processes, RestLimit);
                await programs.RunLoadAsync(["--log", Path.Combine(folder, name), "--seconds", Text(options.Seconds), probe, .. beside]);
            }
        }
        finally
        {
            await picket.StopAsync();
        }

        foreach (var (name, _) in loads)
        {
            var log = LoadLog.Read(Path.Combine(folder, name));
            var probes = ProbesOf(log);
            var seen = ExportedEvent.Read(PicketContender.EventsFile(folder), probes.Contains).Where(one => one.TimeNs >= log.BegunNs);
            _result.Latencies.Add(new LatencyRow(name, [.. seen.Where(one => one.TimeNs <= log.EndedNs).Select(one => one.DelayNs / 1e6)]));
        }
    }

    /// <summary>The first worker's: those behind it are the storm.</summary>
    private static HashSet<int> ProbesOf(LoadLog log)
    {
        var pids = new HashSet<int>();
        foreach (ref readonly var operation in log.Operations)
        {
            if (operation.Worker == 0) pids.Add(operation.Pid);
        }

        return pids;
    }

    private async Task IdleAsync(string folder)
    {
        progress("at rest");
        var picket = new PicketContender(options.Rules, options.RingBytes);
        try
        {
            await picket.StartAsync(folder);
            await ProcessFigures.UntilQuietAsync(picket.Processes, RestLimit);
            await PauseAsync(options.Settle);
            var (cpu, events) = (ProcessFigures.Cpu(picket.Processes), await EventsAsync(picket));
            await PauseAsync(options.Idle);
            _result.IdlePercent = (ProcessFigures.Cpu(picket.Processes) - cpu) / options.Idle.TotalSeconds * 100;
            _result.IdleEvents = await EventsAsync(picket) - events;
        }
        finally
        {
            await picket.StopAsync();
        }
    }

    private static async Task PauseAsync(TimeSpan time)
    {
        if (time == TimeSpan.Zero) return;
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }

    private static async Task<long> EventsAsync(PicketContender picket)
    {
        var sum = 0L;
        foreach (var kind in StormKind.All) sum += (await picket.TallyAsync(kind)).Seen;
        return sum;
    }

    private PicketContender Exporting(string kinds) => new(options.Rules, options.RingBytes, kinds);

    private StormRow RowOf(string contender, StormKind kind)
    {
        if (_rows.TryGetValue((contender, kind), out var row)) return row;
        row = new StormRow(contender, kind);
        _rows[(contender, kind)] = row;
        _result.Rows.Add(row);
        return row;
    }

    private static async Task InFolderAsync(Func<string, Task> work)
    {
        var folder = Directory.CreateTempSubdirectory("picket-bench-").FullName;
        try
        {
            await work(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Text(double seconds) => seconds.ToString(CultureInfo.InvariantCulture);
}
