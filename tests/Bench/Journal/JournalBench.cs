using System.Globalization;
using System.Text.Json;
using Picket.Actors.Persistence.Sql.Postgres;
using Picket.Actors.Persistence.Sql.Sqlite;

namespace Picket.Bench.Journal;

/// <summary>
/// The journal's write rate beside plain ADO.NET inserts of the same rows in the same batches, on the same disk, in turns within one run. Every
/// commit is synced.
/// </summary>
internal static class JournalBench
{
    private const string Prefix = "picket-journal-";
    private static readonly WriteShape[] Shapes = [new(1, 1), new(4, 4), new(16, 16), new(128, 128), new(128, 16), new(1024, 1024), new(1024, 16)];

    /// <summary>Measures and prints; the goal is 0.8 of what plain inserts reach.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var rounds = Number("--rounds", 5);
        var time = TimeSpan.FromMilliseconds(Number("--ms", 500));
        var json = arguments.Contains("--json");
        var parent = Value("--folder") ?? Path.GetTempPath();
        ClearUp(parent);
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"{Prefix}{Environment.ProcessId}")).FullName;
        var rows = new List<JournalRow>();
        try
        {
            await using (var store = SqliteStore.Open(new SqliteOptions { Path = Path.Combine(folder, "journal.db") }))
            await using (var plain = new PlainSqlite(Path.Combine(folder, "plain.db")))
            {
                rows.AddRange(await MeasureAsync("sqlite", [plain, new JournalLoad(store.Journal), new ActorLoad(store.Journal, () => store.Commits)], rounds, time));
            }

            if (Value("--postgres") is { } connection)
            {
                await using var inserts = await PlainPostgres.OpenAsync(connection);
                await using var arrays = await PlainArrays.OpenAsync(connection);
                var schema = $"picket_bench_{Environment.ProcessId}";
                await using var store = await PostgresStore.OpenAsync(new PostgresOptions { ConnectionString = connection, Schema = schema });
                rows.AddRange(await MeasureAsync("postgres",
                    [inserts, arrays, new JournalLoad(store.Journal), new ActorLoad(store.Journal, () => store.Commits)], rounds, time));
            }
            else if (!json)
            {
                Console.WriteLine("PostgreSQL is not measured: --postgres CONNECTION names a database");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        if (json) Console.WriteLine(JsonSerializer.Serialize(rows, JsonSerializerOptions.Web));
        else Print(rows, rounds);
        return 0;

        string? Value(string name) => Array.IndexOf(arguments, name) is var at and >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;

        int Number(string name, int other) => Value(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : other;
    }

    /// <summary>Removes what runs that were ended by force have left.</summary>
    private static void ClearUp(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, $"{Prefix}*"))
        {
            var owner = Path.GetFileName(folder)[Prefix.Length..];
            if (OperatingSystem.IsLinux() && owner.All(char.IsAsciiDigit) && !Directory.Exists($"/proc/{owner}")) Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IEnumerable<JournalRow>> MeasureAsync(string store, IWriteLoad[] loads, int rounds, TimeSpan time)
    {
        var rates = Shapes.Select(_ => loads.Select(_ => new List<WriteRate>()).ToArray()).ToArray();
        foreach (var load in loads) await load.RateAsync(Shapes[^2], time);
        for (var round = 0; round < rounds; round++)
        {
            for (var shape = 0; shape < Shapes.Length; shape++)
            {
                for (var load = 0; load < loads.Length; load++) rates[shape][load].Add(await loads[load].RateAsync(Shapes[shape], time));
            }
        }

        return rates.Select((of, shape) => new JournalRow(store, Shapes[shape].Events, Shapes[shape].Histories,
            loads.Select((load, i) => (load.Name, Rate: Median(of[i], one => one.PerSecond))).ToDictionary(one => one.Name, one => one.Rate),
            Median(of[^1], one => one.PerCommit)));
    }

    private static double Median(IEnumerable<WriteRate> rates, Func<WriteRate, double> of)
    {
        var values = rates.Select(of).Order().ToList();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }

    private static void Print(List<JournalRow> rows, int rounds)
    {
        Console.WriteLine($"events of {Payload.Bytes.Length} bytes per second, medians of {rounds}; in brackets the part of each kind of plain insert");
        foreach (var store in rows.GroupBy(row => row.Store))
        {
            var loads = store.First().PerSecond.Keys.ToList();
            Console.WriteLine($"{store.Key,-9} {"events",6} {"of ids",6}{string.Concat(loads.Select(name => $" {name,22}"))} {"per commit",10}");
            foreach (var row in store)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{"",-9} {row.Events,6} {row.Histories,6}{string.Concat(loads.Select(name => $" {Cell(row, name),22}"))} {row.ActorsPerCommit,10:0.0}"));
            }
        }
    }

    private static string Cell(JournalRow row, string load)
    {
        var rate = row.PerSecond[load];
        var plain = row.PerSecond.Keys.Where(name => name is "inserts" or "arrays").Select(name => (rate / row.PerSecond[name]).ToString("0.00", CultureInfo.InvariantCulture));
        var parts = load is "inserts" or "arrays" ? "" : $" ({string.Join(", ", plain)})";
        return $"{rate.ToString("0", CultureInfo.InvariantCulture)}{parts}";
    }
}
