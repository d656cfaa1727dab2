namespace Picket.Actors.Persistence;

/// <summary>An event as a journal keeps it: the payload and what is known of it.</summary>
public interface IPersistentRepresentation
{
    /// <summary>What the actor persisted.</summary>
    object Payload { get; }

    /// <summary>The stable name of the payload's type where a store has serialised it, else empty.</summary>
    string Manifest { get; }

    /// <summary>Whose event it is.</summary>
    string PersistenceId { get; }

    /// <summary>Its number in the history of that id, from 1 without gaps.</summary>
    long SequenceNr { get; }

    /// <summary>The incarnation of the actor that wrote it: two of them in turn tell of two writers at once.</summary>
    string WriterGuid { get; }

    /// <summary>True for an event that was deleted and is still listed.</summary>
    bool IsDeleted { get; }

    /// <summary>Sender of the command that it came of, while it is being persisted; null in a journal.</summary>
    IActorRef? Sender { get; }

    /// <summary>When it was persisted, in UTC ticks.</summary>
    long Timestamp { get; }

    /// <summary>The same with another payload.</summary>
    IPersistentRepresentation WithPayload(object payload);

    /// <summary>The same with another manifest.</summary>
    IPersistentRepresentation WithManifest(string manifest);

    /// <summary>The same with another time, in UTC ticks.</summary>
    IPersistentRepresentation WithTimestamp(long newTimestamp);

    /// <summary>The same payload with other attributes.</summary>
    IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef? sender, string writerGuid);
}
