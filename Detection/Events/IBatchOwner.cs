namespace Picket.Detection.Events;

/// <summary>Is told when nobody holds a batch any more.</summary>
public interface IBatchOwner
{
    /// <summary>
    /// Everything that was made of the batch is done: matched, and its alerts are in the outbox. Called once per use of the
    /// batch, on whatever thread let go last; must be quick and must not throw.
    /// </summary>
    void OnCompleted(EventBatch batch);
}
