using System.Globalization;
using System.Text.Json;
using Picket.Actors.Persistence.Sql.Postgres;
using Picket.Actors.Persistence.Sql.Sqlite;

namespace Picket.Bench.Journal;

/// <summary>
/// The journal's write rate beside plain ADO.NET inserts in the same batches, on the same disk, in turns within one run. Every commit is synced.
/// </summary>
internal static class JournalBench
{
    private static readonly int[] Batches = [1, 16, 128, 1024];

    /// <summary>Measures and prints; the goal is a ratio of 0.8.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var rounds = Number("--rounds", 5);
        var time = TimeSpan.FromMilliseconds(Number("--ms", 500));
        var json = arguments.Contains("--json");
        var parent = Value("--folder") ?? Path.GetTempPath();
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"picket-journal-{Environment.ProcessId}")).FullName;
        var rows = new List<JournalRow>();
        try
        {
            await using (var store = SqliteStore.Open(new SqliteOptions { Path = Path.Combine(folder, "journal.db") }))
            await using (var plain = new PlainSqlite(Path.Combine(folder, "plain.db")))
            {
                rows.AddRange(await MeasureAsync("sqlite", [plain, new JournalLoad(store.Journal), new ActorLoad(store.Journal)], rounds, time));
            }

            if (Value("--postgres") is { } connection)
            {
                var schema = $"picket_bench_{Environment.ProcessId}";
                await using var store = await PostgresStore.OpenAsync(new PostgresOptions { ConnectionString = connection, Schema = schema });
                await using var plain = await PlainPostgres.OpenAsync(connection);
                rows.AddRange(await MeasureAsync("postgres", [plain, new JournalLoad(store.Journal), new ActorLoad(store.Journal)], rounds, time));
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

    private static async Task<IEnumerable<JournalRow>> MeasureAsync(string store, IWriteLoad[] loads, int rounds, TimeSpan time)
    {
        var rates = Batches.Select(_ => loads.Select(_ => new List<double>()).ToArray()).ToArray();
        foreach (var load in loads) await load.RateAsync(Batches[^1], time);
        for (var round = 0; round < rounds; round++)
        {
            for (var batch = 0; batch < Batches.Length; batch++)
            {
                for (var load = 0; load < loads.Length; load++) rates[batch][load].Add(await loads[load].RateAsync(Batches[batch], time));
            }
        }

        return rates.Select((of, batch) => new JournalRow(store, Batches[batch], Median(of[0]), Median(of[1]), Median(of[2])));
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values.Count % 2 == 1 ? values[values.Count / 2] : (values[values.Count / 2 - 1] + values[values.Count / 2]) / 2;
    }

    private static void Print(List<JournalRow> rows, int rounds)
    {
        Console.WriteLine($"events of {Payload.Bytes.Length} bytes per second, medians of {rounds}; actors: as many as events at once, each with one under way");
        Console.WriteLine("store     at once       plain     journal   ratio      actors   ratio");
        foreach (var row in rows)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Store,-9} {row.AtOnce,7} {row.Plain,11:0} {row.Journal,11:0} {row.JournalRatio,7:0.00} {row.Actors,11:0} {row.ActorsRatio,7:0.00}"));
        }
    }
}
