namespace Picket.Actors.Dispatch;

/// <summary>A run of slots of a <see cref="SegmentQueue"/>. A slot is taken by adding to <see cref="Reserved"/> and is there to be
/// read once its message is not null.</summary>
internal sealed class Segment(int capacity)
{
    /// <summary>Slots taken; passes the length when producers find the segment full.</summary>
    public int Reserved;

    public Segment? Next;

    /// <summary>Set by the consumer when it caught up here: the next segment can stay small.</summary>
    public bool Emptied;

    public readonly Slot[] Slots = capacity == 0 ? [] : new Slot[capacity];

    public struct Slot
    {
        public object? Message;
        public IActorRef? Sender;
    }
}
