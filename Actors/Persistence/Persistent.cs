namespace Picket.Actors.Persistence;

/// <inheritdoc cref="IPersistentRepresentation"/>
public sealed record Persistent : IPersistentRepresentation
{
    /// <summary>An event.</summary>
    /// <param name="payload">What was persisted.</param>
    /// <param name="sequenceNr">Its number, from 1.</param>
    /// <param name="persistenceId">Whose it is.</param>
    /// <param name="manifest">Name of the payload's type in a store.</param>
    /// <param name="isDeleted">Whether it was deleted and is still listed.</param>
    /// <param name="sender">Sender of the command.</param>
    /// <param name="writerGuid">Who wrote it.</param>
    /// <param name="timestamp">When, in UTC ticks.</param>
    public Persistent(object payload, long sequenceNr = 0, string? persistenceId = null, string? manifest = null, bool isDeleted = false,
        IActorRef? sender = null, string? writerGuid = null, long timestamp = 0)
    {
        ArgumentNullException.ThrowIfNull(payload);
        Payload = payload;
        SequenceNr = sequenceNr;
        PersistenceId = persistenceId ?? Undefined;
        Manifest = manifest ?? Undefined;
        IsDeleted = isDeleted;
        Sender = sender;
        WriterGuid = writerGuid ?? Undefined;
        Timestamp = timestamp;
    }

    /// <summary>A persistence id, manifest or writer that was not given.</summary>
    public static string Undefined => string.Empty;

    /// <inheritdoc/>
    public object Payload { get; init; }

    /// <inheritdoc/>
    public string Manifest { get; init; }

    /// <inheritdoc/>
    public string PersistenceId { get; init; }

    /// <inheritdoc/>
    public long SequenceNr { get; init; }

    /// <inheritdoc/>
    public string WriterGuid { get; init; }

    /// <inheritdoc/>
    public bool IsDeleted { get; init; }

    /// <inheritdoc/>
    public IActorRef? Sender { get; init; }

    /// <inheritdoc/>
    public long Timestamp { get; init; }

    /// <inheritdoc/>
    public IPersistentRepresentation WithPayload(object payload) => this with { Payload = payload };

    /// <inheritdoc/>
    public IPersistentRepresentation WithManifest(string manifest) => this with { Manifest = manifest };

    /// <inheritdoc/>
    public IPersistentRepresentation WithTimestamp(long newTimestamp) => this with { Timestamp = newTimestamp };

    /// <inheritdoc/>
    public IPersistentRepresentation Update(
        long sequenceNr, string persistenceId, bool isDeleted, IActorRef? sender, string writerGuid) => this with
        {
            SequenceNr = sequenceNr,
            PersistenceId = persistenceId,
            IsDeleted = isDeleted,
            Sender = sender,
            WriterGuid = writerGuid,
        };
}
