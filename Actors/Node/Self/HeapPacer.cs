using Picket.Node.Hosting;

namespace Picket.Node.Self;

/// <summary>
/// Keeps the heap small. The runtime collects young garbage after about as much as the processor's last cache holds, on a server tens
/// of megabytes, collects the old when the machine runs short, and gives little back: memory that the watched host would lack, for an
/// agent nearly all of whose objects live as long as a process and a moment.
/// </summary>
internal sealed class HeapPacer(TimeProvider time)
{
    /// <summary>What may be allocated between two collections of the young. One took 10 to 15 ms on two busy processors.</summary>
    private const long Budget = 6 << 20;

    /// <summary>What may be committed beyond what the last collection of all left before the next. One took 30 to 45 ms there.</summary>
    private const long Growth = 10 << 20;

    /// <summary>Of so many collections one looks at what survived the others: by then most of it is dead.</summary>
    private const int Middle = 4;

    /// <summary>When to look again while garbage is made fast.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan BetweenWholes = TimeSpan.FromSeconds(15);

    /// <summary>Collections of the young that follow each other within this are a load; without one for so long it is over.</summary>
    private static readonly TimeSpan LoadPause = TimeSpan.FromSeconds(5);

    private long _allocated = GC.GetTotalAllocatedBytes();
    private long _kept = GC.GetGCMemoryInfo().TotalCommittedBytes;
    private long _whole = time.GetTimestamp();
    private long _young = time.GetTimestamp();
    private int _turn;
    private bool _loaded;

    /// <summary>Collects everything and gives back what is free, the C library's memory as well.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
    }

    /// <summary>Called about once a second; collects when it is time.</summary>
    /// <returns>Whether to look again soon.</returns>
    public bool Look()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - _allocated < Budget)
        {
            // What a load grew is given back behind it, when a pause delays nothing; a node at rest collects for nothing else.
            if (!_loaded || time.GetElapsedTime(_young) < LoadPause || time.GetElapsedTime(_whole) < BetweenWholes) return false;
            CollectAll();
            return false;
        }

        _allocated = allocated;
        _loaded |= time.GetElapsedTime(_young) < LoadPause;
        _young = time.GetTimestamp();
        if (GC.GetGCMemoryInfo().TotalCommittedBytes < _kept + Growth || time.GetElapsedTime(_whole) < BetweenWholes)
        {
            GC.Collect(++_turn % Middle == 0 ? 1 : 0, GCCollectionMode.Forced, blocking: true);
            return true;
        }

        CollectAll();
        return true;
    }

    private void CollectAll()
    {
        GiveBack();
        _loaded = false;
        _whole = time.GetTimestamp();
        _kept = GC.GetGCMemoryInfo().TotalCommittedBytes;
    }
}
