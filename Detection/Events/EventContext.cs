namespace Picket.Detection.Events;

/// <summary>
/// What a source does not know about an event but its consumer does: the process behind it. Immutable; attached to records
/// by reference, so that readers on other threads never see it change.
/// </summary>
public abstract class EventContext
{
    /// <summary>The value that the context supplies for <paramref name="field"/>; missing when it supplies none.</summary>
    public abstract FieldValue Find(FieldId field);
}
