using Picket.Detection.Alerts;
using Picket.Node.Hosting;

namespace Picket.Node.Self;

/// <summary>
/// The line that says that the node lives: who misses one knows that it does not, or that what it writes does not arrive.
/// </summary>
internal static class Heartbeat
{
    /// <summary>The line number <paramref name="sequence"/> of this run, from 1.</summary>
    /// <param name="sequence">Counts up by one in each run.</param>
    /// <param name="run">What names the run: the boot and the boot time at which it began.</param>
    /// <param name="upFor">Since when it runs.</param>
    /// <param name="counters">What was counted.</param>
    public static Notice Say(long sequence, string run, TimeSpan upFor, NodeCounters counters) => new(
        "heartbeat", "The node is at work", AlertLevel.Informational,
        $"heartbeat {sequence}: up for {upFor.TotalSeconds:0} s, {counters.Seen} events seen, {counters.Lost} lost, "
        + $"{counters.Matched} matches, {counters.Spilled} events wait on disk",
        [new("sequence", sequence), new("run", run), new("uptime-s", (long)upFor.TotalSeconds), new("seen", counters.Seen),
            new("lost", counters.Lost), new("matched", counters.Matched), new("written", counters.Written),
            new("spilled", counters.Spilled), new("failed", counters.Failed), new("dropped", counters.Dropped),
            new("batches-out", counters.BatchesOut)])
    {
        Kind = "metric",
        Occurrence = $"{run}-{sequence}",
    };
}
