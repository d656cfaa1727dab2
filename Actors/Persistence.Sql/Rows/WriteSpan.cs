namespace Picket.Actors.Persistence.Sql.Rows;

/// <summary>Which rows of a batch are one write's.</summary>
/// <param name="Index">Which write of the call it is.</param>
/// <param name="PersistenceId">Whose.</param>
/// <param name="Start">Its first row.</param>
/// <param name="Count">How many rows.</param>
internal readonly record struct WriteSpan(int Index, string PersistenceId, int Start, int Count);
