namespace Picket.Sensors.Logs;

/// <summary>To the monitor: something about a log that people should know.</summary>
/// <param name="Name">Short and stable, such as <c>log-unreadable</c>.</param>
/// <param name="Title">What it is called.</param>
/// <param name="IsLoss">Whether lines were or are missed.</param>
/// <param name="Log">The file, or the journal.</param>
/// <param name="Message">One sentence.</param>
public sealed record LogFinding(string Name, string Title, bool IsLoss, string Log, string Message)
{
    /// <summary>It cannot be read; it is tried again.</summary>
    public static LogFinding Unreadable(string log, string reason) =>
        new("log-unreadable", "A log cannot be read", true, log, $"{log} cannot be read and is tried again: {reason}");

    /// <summary>It can be read again.</summary>
    public static LogFinding ReadableAgain(string log) =>
        new("log-readable", "A log can be read again", false, log, $"{log} is read again");

    /// <summary>It does not answer; others are read meanwhile.</summary>
    public static LogFinding LeftOut(string place, string words, string since) => new("log-left-out",
        "A log does not answer and is left out", true, place,
        $"{place} is left out: {words} has not come back since {since}; it is tried again when that comes back, when something else is "
            + "mounted there, and by a thread of its own, and is read on from its position then");

    /// <summary>It answers again.</summary>
    public static LogFinding Answers(string place, string readOn) =>
        new("log-answers", "A log answers again", false, place, $"{place} answers again and is read again: {readOn}");

    /// <summary>The thread that reads all logs hangs, and no other one can do its work.</summary>
    public static LogFinding NoneRead(string log, string words, string since, string reason) => new("logs-not-read",
        "No log is read", true, log, $"no log is read: {words} has not come back since {since}, and {reason}");

    /// <summary>Somebody cut it, and not a rotation that left a copy.</summary>
    public static LogFinding Truncated(string log, long read) => new("log-truncated", "A log was truncated", true, log,
        $"{log} was truncated and no copy of it was found beside it; its first {read} bytes had been read");

    /// <summary>It was replaced while nobody looked, and the rest of the former one is not beside it.</summary>
    public static LogFinding Gap(string log, long read) => new("log-gap", "The end of a log was not seen", true, log,
        $"{log} was replaced, and what it held behind its first {read} bytes is not beside it under another name");

    /// <summary>A line is longer than what is carried; said once for each file and run.</summary>
    public static LogFinding LongLine(string log, int limit) => new("log-line-cut", "A line of a log was cut", true, log,
        $"{log} has lines of more than {limit} bytes; what is beyond is not searched, and counted");

    /// <summary>The program that reads the journal has ended.</summary>
    public static LogFinding JournalStopped(string command, string reason) => new("journal-stopped", "The journal is not read", false,
        "journal", $"{command} is started again, behind the last entry: {reason}");

    /// <summary>Whether the journal's reader is at work cannot be told.</summary>
    public static LogFinding JournalUnanswered(string command, string reason) => new("journal-unanswered",
        "The journal does not answer", true, "journal",
        $"{command} prints nothing, and whether there is something to print cannot be told: {reason}; it is asked again");

    /// <summary>What was remembered of an earlier run makes no sense.</summary>
    public static LogFinding PositionsDamaged(string file, string reason) => new("log-positions-damaged",
        "The positions in the logs were lost", true, file, $"{file} is damaged, the logs are read as on a first start: {reason}");

    /// <summary>The positions cannot be written down.</summary>
    public static LogFinding PositionsUnwritten(string file, string reason) => new("log-positions-unwritten",
        "The positions in the logs cannot be kept", false, file, $"{file} cannot be written; a restart would read lines again: {reason}");
}
