using System.Globalization;

namespace Picket.Persister;

/// <summary>What a run does.</summary>
/// <param name="Sqlite">The database file; or null.</param>
/// <param name="Postgres">The connection string; or null.</param>
/// <param name="Normal">Whether SQLite syncs only at checkpoints.</param>
/// <param name="RetrySeconds">How long a PostgreSQL server that is away is waited for.</param>
/// <param name="Direct">Whether the journal is written to without actors.</param>
/// <param name="Events">How many each id has in the end.</param>
/// <param name="Ids">How many ids.</param>
/// <param name="Run">The number of this run, from 1; also the seed of what is left to chance.</param>
internal sealed record PersisterOptions(string? Sqlite, string? Postgres, bool Normal, int RetrySeconds, bool Direct, int Events, int Ids, int Run)
{
    /// <exception cref="ArgumentException">An argument is not known.</exception>
    public static PersisterOptions Parse(string[] arguments)
    {
        var options = new PersisterOptions(null, null, false, 30, false, 1000, 16, 1);
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--sqlite" => options with { Sqlite = arguments[++i] },
                "--postgres" => options with { Postgres = arguments[++i] },
                "--normal" => options with { Normal = true },
                "--retry-seconds" => options with { RetrySeconds = Number(arguments[++i]) },
                "--direct" => options with { Direct = true },
                "--events" => options with { Events = Number(arguments[++i]) },
                "--ids" => options with { Ids = Number(arguments[++i]) },
                "--run" => options with { Run = Number(arguments[++i]) },
                var other => throw new ArgumentException($"what is {other}?"),
            };
        }

        return options;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
