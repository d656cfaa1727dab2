namespace Picket.Detection.Events;

/// <summary>
/// What a source does not know about an event but its consumer does: the process behind it. Immutable; attached to records
/// by reference, so that readers on other threads never see it change.
/// </summary>
public abstract class EventContext
{
    /// <summary>
    /// Another number after each late addition, such as a parent that was not known at first: what a reader remembers of the context holds
    /// while this stands.
    /// </summary>
    public virtual int Revision => 0;

    /// <summary>The value that the context supplies for <paramref name="field"/>; missing when it supplies none.</summary>
    public abstract FieldValue Find(FieldId field);

    /// <summary>
    /// The value that the context supplies for <paramref name="field"/> of an event of <paramref name="kind"/> only, such as one of the
    /// process that is traced; missing when it supplies none.
    /// </summary>
    /// <param name="kind">The event's kind.</param>
    /// <param name="field">The field.</param>
    /// <param name="other">The other context of the event: of the target, or of the process itself before the event; may be null.</param>
    public virtual FieldValue FindFor(EventKind kind, FieldId field, EventContext? other) => default;
}
