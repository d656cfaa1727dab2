using System.Globalization;
using Picket.Detection.Alerts;
using Picket.Node.Self;

namespace Picket.Node.Guard;

/// <summary>The words in which a guard says what became of the node.</summary>
internal static class GuardNotices
{
    /// <summary>The node's process is held.</summary>
    /// <param name="pid">The node's process.</param>
    /// <param name="lastBeat">When it was last heard of.</param>
    /// <param name="tracer">Who traces it; null for nobody, so that a signal stopped it.</param>
    public static Notice Halted(int pid, DateTimeOffset lastBeat, string? tracer) => Say("node-halted", "The node is held",
        $"the node's process {Text(pid)} {(tracer is null ? "is stopped by a signal" : $"is held by process {tracer}, which traces it")}",
        "what happens meanwhile waits in the ring", pid, lastBeat,
        [new("how", tracer is null ? "signal" : "traced"), new("tracer", tracer ?? "")]);

    /// <summary>The node's process is there, and its heartbeat is not.</summary>
    /// <param name="pid">The node's process.</param>
    /// <param name="lastBeat">When it was last heard of.</param>
    /// <param name="state">The state of its first thread.</param>
    /// <param name="frozen">The frozen control group in which it is; null for none.</param>
    public static Notice Silent(int pid, DateTimeOffset lastBeat, char state, string? frozen) => Say("node-silent",
        "The node gives no sign of life",
        $"the node's process {Text(pid)} gives no sign of life: " + (frozen is not null ? $"its control group {frozen} is frozen"
            : state == 'Z' ? "it has ended" : state == 'D' ? "it waits for a disk or a server (state D)"
            : $"it may run (state {state}), and its actors do not, or not in time"),
        "what happens meanwhile waits in the ring", pid, lastBeat,
        [new("how", frozen is not null ? "frozen" : "silent"), new("control-group", frozen ?? ""), new("state", state.ToString())]);

    /// <summary>The node's process has ended.</summary>
    /// <param name="pid">The node's process.</param>
    /// <param name="lastBeat">When it was last heard of.</param>
    /// <param name="ending">How it ended; empty where the kernel does not tell.</param>
    public static Notice Ended(int pid, DateTimeOffset lastBeat, string ending) => Say("node-ended",
        "The node ended without an orderly stop",
        $"the node's process {Text(pid)} ended without a goodbye{(ending.Length > 0 ? $", {ending}" : "")}",
        "nothing is detected until it is started again", pid, lastBeat, [new("how", "ended"), new("ending", ending)]);

    private static Notice Say(string name, string title, string what, string then, int pid, DateTimeOffset lastBeat,
        IEnumerable<NoticeDetail> more)
    {
        var from = NoticeTime.Of(lastBeat);
        return new Notice(name, title, AlertLevel.High, $"{what}, as its guard noticed; it was last heard of at {from}, and {then}",
            [new("node-pid", pid), new("from", from), new("noticed-by", "guard"), new("guard-pid", Environment.ProcessId), .. more]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
