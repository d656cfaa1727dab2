namespace Picket.Actors.Persistence.Sql.Rows;

/// <summary>A piece of a history.</summary>
/// <param name="Rows">In order of their numbers.</param>
/// <param name="More">Whether there may be rows behind them.</param>
internal readonly record struct EventPage(IReadOnlyList<EventRow> Rows, bool More);
