namespace Picket.Actors.Persistence;

/// <summary>A store gave no snapshot and no event for as long as <see cref="PersistenceOptions.RecoveryEventTimeout"/>.</summary>
public sealed class RecoveryTimedOutException(string message, Exception? cause = null) : Exception(message, cause);
