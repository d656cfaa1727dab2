namespace Picket.Actors.Dispatch;

/// <summary>Where the consumer of a mailbox stands. Lives with the consumer, so that producers and it share no cache line.</summary>
internal struct Cursor
{
    public Segment? Segment;
    public Segment.Slot[]? Slots;
    public int Index;
}
