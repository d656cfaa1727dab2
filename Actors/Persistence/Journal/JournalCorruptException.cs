namespace Picket.Actors.Persistence.Journal;

/// <summary>What is stored is not what a store has written: a gap, a foreign row or file, bytes that cannot be read.</summary>
public sealed class JournalCorruptException : JournalException
{
    /// <summary>A corruption.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="place">Where: the file or the table.</param>
    /// <param name="persistenceId">Whose event, where that is known.</param>
    /// <param name="sequenceNr">Which event, where that is known.</param>
    /// <param name="innerException">What the reader said, or null.</param>
    public JournalCorruptException(
        string message, string place, string? persistenceId = null, long? sequenceNr = null, Exception? innerException = null)
        : base(Describe(message, place, persistenceId, sequenceNr), innerException)
    {
        Place = place;
        PersistenceId = persistenceId;
        SequenceNr = sequenceNr;
    }

    /// <summary>The file or the table.</summary>
    public string Place { get; }

    /// <summary>Whose event, or null.</summary>
    public string? PersistenceId { get; }

    /// <summary>Which event, or null.</summary>
    public long? SequenceNr { get; }

    private static string Describe(string message, string place, string? persistenceId, long? sequenceNr) =>
        $"{message} ({place}{(persistenceId is null ? "" : $", persistence id [{persistenceId}]")}"
        + $"{(sequenceNr is null ? "" : $", event {sequenceNr}")})";
}
