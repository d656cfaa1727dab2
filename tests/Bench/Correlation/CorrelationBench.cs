using System.Globalization;
using System.Text.Json;
using Picket.Detection.Events.Journal;
using Picket.Detection.Sigma.Correlation;

namespace Picket.Bench.Correlation;

/// <summary>How many matches correlations hear in a second on one core, and what a group costs.</summary>
internal static class CorrelationBench
{
    private const int Groups = 100_000;

    /// <summary>Conditions that are asked each time and seldom or never hold: firing is what an attack costs, hearing what all else does.</summary>
    private static readonly (string Name, string Correlation, int Groups, int PerWindow)[] Loads =
    [
        ("event_count", "type: event_count; rules: [a]; condition: {gte: 60000}", Groups, 10),
        ("event_count, one match a group", "type: event_count; rules: [a]; condition: {gte: 60000}", Groups, 1),
        ("event_count that fires", "type: event_count; rules: [a]; condition: {gte: 10}", Groups, 10),
        ("value_count", "type: value_count; rules: [a]; condition: {field: Value, gte: 60000}", Groups, 10),
        ("value_count, 1,800 values", "type: value_count; rules: [a]; condition: {field: Value, gte: 60000}", 100, 1800),
        ("temporal", "type: temporal; rules: [a, b, c]", Groups, 10),
        ("temporal_ordered", "type: temporal_ordered; rules: [a, b, c]", Groups, 10),
        ("value_sum", "type: value_sum; rules: [a]; condition: {field: Value, gt: 1e9}", Groups, 10),
        ("value_avg", "type: value_avg; rules: [a]; condition: {field: Value, gt: 1e9}", Groups, 10),
        ("value_percentile", "type: value_percentile; rules: [a]; condition: {field: Value, percentile: 95, gt: 1e9}", Groups, 10),
    ];

    /// <summary>Runs all loads.</summary>
    public static int Run(string[] arguments)
    {
        var rounds = int.Parse(Value(arguments, "--rounds") ?? "5", CultureInfo.InvariantCulture);
        var matches = int.Parse(Value(arguments, "--matches") ?? "2000000", CultureInfo.InvariantCulture);
        var only = Value(arguments, "--only");
        var rows = Loads.Where(load => only is null || load.Name == only).Select(load => Measure(load.Name, new CorrelationLoad(load.Correlation, load.Groups, load.PerWindow), matches, rounds)).ToList();
        var costs = only is null or "journal" ? Durability(rounds, matches) : [];
        if (arguments.Contains("--json"))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { rows, durability = costs.Select(cost => new { cost.Name, cost.Ratio }) }));
            return 0;
        }

        Console.Out.WriteLine($"{"",-32} {"groups",8} {"per CPU s",12} {"bytes/group",12} {"held/group",11} {"alloc/match",12} {"fired",8}");
        foreach (var row in rows)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Name,-32} {row.Groups,8} {row.PerSecond,12:0} {row.BytesPerGroup,12:0} {row.HeldPerGroup,11:0} {row.Allocated,12:0.00} {row.Fired,8}"));
        }

        foreach (var (name, ratio) in costs)
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: a match costs {ratio:0.00} of what it costs without"));
        return 0;
    }

    private static CorrelationRow Measure(string name, CorrelationLoad load, int matches, int rounds)
    {
        // Until every group is there and every window is full, with what is kept behind it for late ones.
        load.Hear(Math.Max(matches, 3 * load.PerSpan));
        var engine = load.Engine;
        var (fired, allocated) = (engine.Counts.Fired, GC.GetAllocatedBytesForCurrentThread());
        var rates = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            rates[i] = matches / load.Hear(matches);
        }

        var perMatch = (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / ((double)rounds * matches);
        Array.Sort(rates);
        var groups = engine.Groups;
        return new CorrelationRow(name, groups, rates[rounds / 2], (double)engine.BytesInUse / groups, (double)engine.BytesHeld / groups, perMatch,
            (engine.Counts.Fired - fired) / rounds);
    }

    /// <summary>What a match costs more with a journal, and after a kill: of pairs of rounds, one with and one without, the median.</summary>
    private static List<(string Name, double Ratio)> Durability(int rounds, int matches)
    {
        var folder = Directory.CreateTempSubdirectory("picket-bench-").FullName;
        var (_, correlation, groups, perWindow) = Loads[0];
        var load = new CorrelationLoad(correlation, groups, perWindow);
        load.Hear(3 * load.PerSpan);
        try
        {
            using var journal = CorrelationJournal.Open(DiskFileSpace.Instance, folder, 64 << 20, TimeProvider.System);
            return
            [
                ("event_count with a journal", Ratio(on => load.Journal = on ? journal : null)),
                ("event_count after a kill", Ratio(load.Remember)),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        double Ratio(Action<bool> turn)
        {
            var ratios = new double[rounds];
            for (var i = 0; i < rounds; i++)
            {
                turn(true);
                var with = load.Hear(matches);
                turn(false);
                ratios[i] = with / load.Hear(matches);
            }

            Array.Sort(ratios);
            return ratios[rounds / 2];
        }
    }

    private static string? Value(string[] arguments, string name) =>
        Array.IndexOf(arguments, name) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;
}
