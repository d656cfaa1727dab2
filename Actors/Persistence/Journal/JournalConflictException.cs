namespace Picket.Actors.Persistence.Journal;

/// <summary>An event's number is in the store already: another writer has, or had, the same persistence id.</summary>
public sealed class JournalConflictException : JournalException
{
    /// <summary>A conflict.</summary>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="sequenceNr">The number that both wanted.</param>
    /// <param name="innerException">What the store said, or null.</param>
    public JournalConflictException(string persistenceId, long sequenceNr, Exception? innerException = null)
        : base($"event {sequenceNr} of [{persistenceId}] is stored already: another writer has the same persistence id", innerException)
    {
        PersistenceId = persistenceId;
        SequenceNr = sequenceNr;
    }

    /// <summary>Whose.</summary>
    public string PersistenceId { get; }

    /// <summary>The number that both wanted.</summary>
    public long SequenceNr { get; }
}
