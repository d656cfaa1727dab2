using System.Globalization;
using Picket.Detection.Alerts;
using Picket.Sensors.OwnFiles;

namespace Picket.Node.Self;

/// <summary>What is said of changes of the node's own files.</summary>
internal static class FileNotices
{
    private const string Name = "files-touched", Title = "A file of the node's own was changed";

    /// <summary>A change.</summary>
    /// <param name="touch">The change.</param>
    /// <param name="by">Who made it; null when it is not known.</param>
    public static Notice Of(FileTouch touch, FileToucher? by)
    {
        var who = touch.Acts == FileActs.Covered ? "somebody"
            : touch.Pid == 0 ? "a process that the kernel does not name"
            : by is null ? string.Create(CultureInfo.InvariantCulture, $"process {touch.Pid}, which is gone,")
            : string.Create(CultureInfo.InvariantCulture, $"{by.Executable} ({touch.Pid})");
        return new Notice(Name, Title, LevelOf(touch), $"{who} {Words(touch.Acts)} {touch.Path} ({Words(touch.Area)})",
            [new("path", touch.Path), new("area", NameOf(touch.Area)), new("acts", Names(touch.Acts)), new("by-pid", touch.Pid),
                new("by-name", by?.Name ?? ""), new("by", by is null ? "" : who), new("by-command", by?.CommandLine ?? ""),
                new("by-user", by?.User ?? ""), new("noticed-by", "watch")]);
    }

    /// <summary>Changes that were counted.</summary>
    public static Notice Of(UnsaidTouches unsaid) => new(Name, Title, LevelOf(unsaid.Last),
        $"{unsaid.Changes} more changes of the node's own files ({Words(unsaid.Area)}) were not said one by one; the last was that process "
        + $"{unsaid.Last.Pid} {Words(unsaid.Last.Acts)} {unsaid.Last.Path}",
        [new("path", unsaid.Last.Path), new("area", NameOf(unsaid.Area)), new("acts", Names(unsaid.Last.Acts)),
            new("by-pid", unsaid.Last.Pid), new("unsaid", unsaid.Changes),
            new("from", NoticeTime.Of(unsaid.From)), new("to", NoticeTime.Of(unsaid.To)),
            new("noticed-by", "watch")]);

    /// <summary>The kernel's queue was full.</summary>
    public static Notice Overflow(DateTimeOffset from, DateTimeOffset to) => new(
        "files-unseen", "Changes of the node's own files were not seen", AlertLevel.High,
        $"so many changes were made between {NoticeTime.Of(from)} and {NoticeTime.Of(to)} that the kernel's queue of them was full: "
        + "some are not known",
        [new("from", NoticeTime.Of(from)), new("to", NoticeTime.Of(to))]);

    /// <summary>A place cannot be watched on this host; an empty path is all of them.</summary>
    public static Notice Unwatched(string path, string reason) => new(
        "files-unwatched", "The node's own files are not watched", AlertLevel.Medium,
        path.Length == 0 ? $"nobody notices when the node's own files are changed: {reason}"
            : $"nobody notices when the node's own files in {path} are changed: {reason}",
        [new("path", path), new("reason", reason)]);

    /// <summary>
    /// Rotation renames the alert file and removes old ones: that is no attack. Rules and alerts are changed by people who
    /// may; the program, its configuration and what it remembers seldom are.
    /// </summary>
    private static AlertLevel LevelOf(FileTouch touch) => touch.Area switch
    {
        FileArea.Rules => AlertLevel.Medium,
        FileArea.Alerts when (touch.Acts & (FileActs.Written | FileActs.Deleted | FileActs.Covered)) != 0 => AlertLevel.Medium,
        FileArea.Alerts => AlertLevel.Low,
        _ => AlertLevel.High,
    };

    private static string Words(FileArea area) => area switch
    {
        FileArea.Program => "the program",
        FileArea.Configuration => "its configuration",
        FileArea.Rules => "its rules",
        FileArea.Data => "what it must remember",
        FileArea.Alerts => "its alerts",
        _ => "what keeps the kernel's sensor",
    };

    private static string Words(FileActs acts) => string.Join(" and ", Of(acts).Select(act => act switch
    {
        FileActs.Written => "wrote to",
        FileActs.Opened => "opened for writing",
        FileActs.Created => "made",
        FileActs.Deleted => "removed",
        FileActs.RenamedAway => "gave another name to",
        FileActs.RenamedHere => "renamed a file to",
        FileActs.Attributes => "changed rights, owner or times of",
        _ => "put another folder over",
    }));

    private static string Names(FileActs acts) => string.Join(' ', Of(acts).Select(act => act switch
    {
        FileActs.RenamedAway => "renamed-away",
        FileActs.RenamedHere => "renamed-here",
        _ => act.ToString().ToLowerInvariant(),
    }));

    /// <summary>Whoever writes has opened.</summary>
    private static IEnumerable<FileActs> Of(FileActs acts) => Enum.GetValues<FileActs>().Where(act => act != FileActs.None
        && (acts & act) != 0 && (act != FileActs.Opened || (acts & (FileActs.Written | FileActs.Created)) == 0));

    private static string NameOf(FileArea area) => area.ToString().ToLowerInvariant();
}
