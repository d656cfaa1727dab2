namespace Picket.Actors.Persistence.Sql.Rows;

/// <summary>What a call of the journal comes to: rows to store in one commit, and what became of each write before that.</summary>
/// <param name="Rows">In the order of the writes.</param>
/// <param name="Writes">Whose rows they are. A write whose persistence id cannot be stored has none.</param>
/// <param name="Outcomes">One for each write: null, or why it was rejected.</param>
internal sealed record EventBatch(IReadOnlyList<EventRow> Rows, IReadOnlyList<WriteSpan> Writes, IReadOnlyList<Exception?> Outcomes);
