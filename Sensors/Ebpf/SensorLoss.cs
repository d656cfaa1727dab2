using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>To the monitor: the kernel programs could not hand over records of one kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Lost">Records that found the ring full.</param>
/// <param name="Refused">Bulk records refused for the reserve.</param>
/// <param name="Busy">Records without scratch memory.</param>
/// <param name="From">Since when.</param>
/// <param name="To">Until when.</param>
public sealed record SensorLoss(RecordKind Kind, long Lost, long Refused, long Busy, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>All of them.</summary>
    public long Total => Lost + Refused + Busy;
}
