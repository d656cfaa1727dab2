namespace Picket.Actors.Persistence.Journal;

/// <summary>Something to do when no write of an id is under way or waiting: a replay must see what an earlier incarnation wrote.</summary>
/// <param name="PersistenceId">The id.</param>
/// <param name="Run">Starts it; does not wait and does not throw.</param>
internal sealed record QuietRequest(string PersistenceId, Action Run);
