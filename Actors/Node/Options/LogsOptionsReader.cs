using Picket.Hocon;
using Picket.Sensors.Logs;

namespace Picket.Node.Options;

/// <summary>Reads which logs are read, and how.</summary>
internal static class LogsOptionsReader
{
    private const string PositionsName = "logs.positions";

    /// <summary>Reads the section; null when it is switched off.</summary>
    /// <exception cref="ConfigException">A value is wrong; the message names its place.</exception>
    public static LogsOptions? Read(OptionsSection section, string dataDirectory, TimeSpan ledgerInterval)
    {
        var files = section.Objects("files", "path", "service").Select(item => new WatchedFiles(
            OptionsSection.Absolute(item["path"].GetString()!, item["path"].Origin), item["service"].GetString()!)).ToList();
        var options = new LogsOptions
        {
            Files = files,
            Journal = ReadJournal(section),
            PositionsFile = Path.Combine(dataDirectory, PositionsName),
            FirstFromEnd = section.Choice("first-read", "end", "beginning") == "end",
            MaxLineBytes = (int)section.Size("max-line", 1024, 1024 * 1024),
            LookInterval = section.Duration("look-interval", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            GatherInterval = section.Duration("gather-interval", TimeSpan.Zero, TimeSpan.FromSeconds(1)),
            RotatedLinger = section.Duration("rotated-linger", TimeSpan.Zero, TimeSpan.FromHours(1)),
            SaveInterval = section.Duration("save-interval", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            Batches = section.Number("batches", 1, 4096),
            BatchRecords = section.Number("batch-records", 16, 65_536),
            BatchBytes = (int)section.Size("batch-bytes", 64 * 1024, 64 * 1024 * 1024),
            LedgerInterval = ledgerInterval,
        };
        return section.Switch("enabled") ? options : null;
    }

    private static JournalReading? ReadJournal(OptionsSection section)
    {
        var reading = new JournalReading(section.Path("journalctl"));
        return section.Choice("journal", "auto", "on", "off") switch
        {
            "on" => reading,
            "off" => null,

            // A logger that writes such files reads the journal too. Whether they are there the reader of the logs sees: to ask here
            // would hold up the start where their file system does not answer.
            _ => reading with { OnlyWithoutSystemLog = true },
        };
    }
}
