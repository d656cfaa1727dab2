namespace Picket.Detection.Events;

/// <summary>The fixed part of one event; everything of variable length lies in the batch's arena.</summary>
public struct EventRecord
{
    /// <summary>The process that the event is about.</summary>
    public ProcessKey Key;

    /// <summary>
    /// When it happened: nanoseconds on the source's clock (see <see cref="EventSource.ClockOffsetNs"/>); 0 when unknown.
    /// </summary>
    public ulong TimeNs;

    /// <summary>The record's number in its source: ring order of a sensor, record number (from 1) of an input file.</summary>
    public ulong Sequence;

    /// <summary>Index of the first <see cref="FieldEntry"/>.</summary>
    public int FieldStart;

    /// <summary>Number of field entries.</summary>
    public int FieldCount;

    /// <summary>Arena offset of the <see cref="ProcessDetail"/>; -1 when there is none.</summary>
    public int DetailOffset;

    /// <summary>Arena offset of the original record (a replayed line); meaningless when <see cref="RawLength"/> is 0.</summary>
    public int RawStart;

    /// <summary>Length in bytes of the original record; 0 when it is not kept.</summary>
    public int RawLength;

    /// <summary>
    /// Arena offset of what surrounds the original and tells how to read it, such as the chunk of a Windows event log; meaningless where
    /// the source has no <see cref="EventSource.Original"/>.
    /// </summary>
    public int FrameStart;

    /// <summary>The thread that caused the event.</summary>
    public int ThreadId;

    /// <summary>The log source that the record itself names; <see cref="EventRoute.Any"/> when it names none.</summary>
    public EventRoute Route;

    /// <summary>The other process that the event is about, such as the one that is traced; none for most.</summary>
    public ProcessKey Target;

    /// <summary>What is incomplete or unusual.</summary>
    public EventFlags Flags;

    /// <summary>What happened.</summary>
    public EventKind Kind;
}
