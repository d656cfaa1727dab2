namespace Picket.Sensors.Logs;

/// <summary>How systemd's journal is read.</summary>
/// <param name="Command">The absolute path of <c>journalctl</c>.</param>
public sealed record JournalReading(string Command)
{
    /// <summary>
    /// Whether it is read only where the first look finds no file of the system's logger, for else each line would be seen twice. A file
    /// that does not answer then counts as none.
    /// </summary>
    public bool OnlyWithoutSystemLog { get; init; }

    /// <summary>Where the journal's files are. Without any of these folders nobody is asked whether it has grown.</summary>
    public IReadOnlyList<string> Folders { get; init; } = ["/var/log/journal", "/run/log/journal"];

    /// <summary>
    /// How long the program may print nothing before another one is asked for the last entry, and the least time between two such
    /// questions.
    /// </summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an entry of which the answer tells may take to come by the usual way.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);
}
