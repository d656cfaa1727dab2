namespace Picket.Sensors.Ebpf.Records;

/// <summary>
/// What a record of the ring says; also its row in the counters. The numbers are frozen (enum event_kind in bpf/events.h).
/// </summary>
public enum RecordKind : ushort
{
    /// <summary>No kind; never in the ring.</summary>
    None = 0,

    /// <summary>A program was executed.</summary>
    Exec = 1,

    /// <summary>A process was forked.</summary>
    Fork = 2,

    /// <summary>The last thread of a process exited.</summary>
    Exit = 3,

    /// <summary>A process that ran before the programs were attached; laid out as <see cref="Exec"/>.</summary>
    Task = 4,
}
