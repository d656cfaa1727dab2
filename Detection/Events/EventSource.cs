namespace Picket.Detection.Events;

/// <summary>Where a batch's records come from; one object per source, shared by its batches.</summary>
/// <param name="Module">The sensor's short name, such as <c>ebpf</c> or <c>replay</c> (ECS <c>event.module</c>).</param>
/// <param name="Origin">What distinguishes sources of one module in an event's id: the boot id of a live sensor, empty for files, so
/// that the same file under another path gives the same ids.</param>
/// <param name="File">The input file of a replay; null for a live sensor.</param>
/// <param name="ClockOffsetNs">Nanoseconds to add to a record's time to get nanoseconds since 1970 UTC.</param>
public sealed record EventSource(string Module, string Origin, string? File, long ClockOffsetNs)
{
    /// <summary>The log that the records are lines of: a file's path, or the journal's name; null for other sources.</summary>
    public string? Log { get; init; }

    /// <summary>Tells original records as text; null where they are text themselves.</summary>
    public IOriginalText? Original { get; init; }

    /// <summary>Chooses the shard of records that name no process: all of one source go to one, so that their order holds.</summary>
    public uint Spread { get; init; }
}
