using Picket.Detection.Context.Hashing;
using Picket.Detection.Events;

namespace Picket.Detection.Context.Spill;

/// <summary>
/// Where the hashes come that were not decided yet when a record went to disk with its process: what is read back in the same run has them,
/// too. Bounded: of what is forgotten none are known. Thread-safe: the context stage writes, the lane reads.
/// </summary>
internal sealed class LateHashes
{
    /// <summary>Processes that are remembered.</summary>
    public const int Most = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(ProcessKey, ulong), HashSlot> _slots = [];
    private readonly Queue<(ProcessKey, ulong)> _order = new();

    /// <summary>Remembers a process whose hashes are not decided.</summary>
    public void Note(ProcessContext process)
    {
        if (process.Program.HashSlot is not { IsPending: true } slot) return;
        lock (_gate)
        {
            var key = (process.Key, process.Program.ExecutedNs);
            if (!_slots.TryAdd(key, slot)) return;
            _order.Enqueue(key);
            if (_order.Count > Most) _slots.Remove(_order.Dequeue());
        }
    }

    /// <summary>Where the hashes of what a process executed then come; null where none are awaited.</summary>
    public HashSlot? Find(ProcessKey process, ulong executedNs)
    {
        lock (_gate) return _slots.GetValueOrDefault((process, executedNs));
    }
}
