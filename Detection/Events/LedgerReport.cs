using System.Globalization;

namespace Picket.Detection.Events;

/// <summary>
/// What one edge or stage of the pipeline saw at a barrier: balanced when <paramref name="In"/> equals <paramref name="Out"/>.
/// </summary>
/// <param name="Barrier">The barrier's number.</param>
/// <param name="Line">The edge's or stage's name.</param>
/// <param name="In">What was given up to the barrier.</param>
/// <param name="Out">What was taken, failed, dropped with a count, or is still queued in plain sight.</param>
/// <param name="Detail">The parts of <paramref name="Out"/>, for people.</param>
public sealed record LedgerReport(long Barrier, string Line, long In, long Out, string Detail)
{
    /// <summary>Of <see cref="Out"/>, what was not handled: its handling threw, or it came back from an actor that was stopped.
    /// Counted, but lost to detection all the same.</summary>
    public long Unhandled { get; init; }

    /// <summary>Compares an edge at the moment its receiver handles the barrier.</summary>
    public static LedgerReport At(Barrier barrier)
    {
        var edge = barrier.Edge;
        var (taken, failed, dropped) = (edge.Taken, edge.Failed, edge.Dropped);
        return new LedgerReport(barrier.Number, edge.Name, barrier.Given, taken + failed + dropped,
            string.Create(CultureInfo.InvariantCulture, $"taken {taken}, failed {failed}, dropped {dropped}"))
        {
            Unhandled = failed + dropped,
        };
    }

    /// <summary>Compares a stage; <paramref name="queued"/> is what lies in it in plain sight.</summary>
    public static LedgerReport At(long barrier, LedgerStage stage, long queued) =>
        new(barrier, stage.Name, stage.Entered, stage.Left + queued,
            string.Create(CultureInfo.InvariantCulture, $"{stage}, queued {queued}"));
}
