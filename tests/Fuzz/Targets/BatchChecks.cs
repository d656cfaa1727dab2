using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Picket.Detection.Events;

namespace Picket.Fuzz.Targets;

/// <summary>What must hold of a batch, whoever filled it.</summary>
internal static class BatchChecks
{
    /// <summary>Runs all checks; null where they hold.</summary>
    public static string? Run(EventBatch batch)
    {
        var entries = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            ref readonly var record = ref batch.Records[i];
            if (record.FieldStart != entries) return $"entries: record {i} begins at {record.FieldStart}, not {entries}";
            entries += record.FieldCount;
            if (entries > batch.Entries.Length) return $"entries: record {i} has more than there are";
            if (!IsInside(batch, record.RawStart, record.RawLength)) return $"raw: record {i} lies outside";
            if (record.DetailOffset >= 0 && Detail(batch, i) is { } fault) return fault;
        }

        if (entries != batch.Entries.Length) return "entries: some belong to no record";
        foreach (ref readonly var entry in batch.Entries)
        {
            if (!IsInside(batch, entry.Start, entry.Length)) return $"field: {FieldTable.NameOf(entry.Id)} at {entry.Start} of {entry.Length} lies outside";
        }

        return null;
    }

    private static bool IsInside(EventBatch batch, int start, int length) => start >= 0 && length >= 0 && start <= batch.Arena.Length - length;

    private static string? Detail(EventBatch batch, int index)
    {
        if (!IsInside(batch, batch.Records[index].DetailOffset, Unsafe.SizeOf<ProcessDetail>())) return $"detail: record {index} has it outside";
        batch.View(index).TryGetDetail(out var detail);
        if (detail.ArgumentCount == 0) return null;
        var line = batch.View(index).First(Fields.CommandLine).Text.Length;
        if (detail.ArgumentCount < 0 || detail.ArgumentCount > line + 1) return $"arguments: {detail.ArgumentCount} in a line of {line}";
        if (!IsInside(batch, detail.ArgumentEndsOffset, detail.ArgumentCount * sizeof(int))) return "arguments: their ends lie outside";
        var before = -1;
        foreach (var end in MemoryMarshal.Cast<byte, int>(batch.Bytes(detail.ArgumentEndsOffset, detail.ArgumentCount * sizeof(int))))
        {
            if (end <= before || end > line) return $"arguments: one ends at {end} behind {before} in a line of {line}";
            before = end;
        }

        return before == line ? null : $"arguments: the last one ends at {before}, not {line}";
    }
}
