using Picket.Node.Self;
using Picket.Spec.Journal;

namespace Picket.Spec.Live;

/// <summary>Alone: what other tests collect is counted for the whole process.</summary>
[Collection(LiveCollection.Name)]
public sealed class HeapPacerTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Little_garbage_is_left_to_the_runtime_and_much_is_collected_at_once()
    {
        var pacer = new HeapPacer(_clock);
        Assert.False(pacer.Look());
        var before = GC.CollectionCount(0);
        Waste(16);
        Assert.True(pacer.Look());
        Assert.True(GC.CollectionCount(0) > before);
        Assert.False(pacer.Look());
    }

    [Fact]
    public void What_died_old_is_given_back_to_the_system_and_not_more_often_than_each_15_seconds()
    {
        var pacer = new HeapPacer(_clock);
        WasteOld();
        var wholes = GC.CollectionCount(GC.MaxGeneration);
        var committed = GC.GetGCMemoryInfo().TotalCommittedBytes;
        Waste(16);
        Assert.True(pacer.Look());
        Assert.Equal(wholes, GC.CollectionCount(GC.MaxGeneration));
        _clock.Advance(TimeSpan.FromSeconds(15));
        Waste(16);
        Assert.True(pacer.Look());
        Assert.True(GC.CollectionCount(GC.MaxGeneration) > wholes);
        Assert.InRange(GC.GetGCMemoryInfo().TotalCommittedBytes, 0, committed - (32L << 20));
    }

    [Fact]
    public void What_a_load_left_is_given_back_when_it_is_over_and_a_node_at_rest_collects_nothing()
    {
        var pacer = new HeapPacer(_clock);
        _clock.Advance(TimeSpan.FromMinutes(1));
        WasteOld();
        Assert.True(pacer.Look());

        // A whole one was just before, so that the load's own have to wait.
        _clock.Advance(TimeSpan.FromSeconds(1));
        WasteOld();
        Assert.True(pacer.Look());
        var committed = GC.GetGCMemoryInfo().TotalCommittedBytes;
        Assert.Equal(0, WholesAfter(TimeSpan.FromSeconds(4)));
        Assert.Equal(0, WholesAfter(TimeSpan.FromSeconds(9)));
        Assert.Equal(1, WholesAfter(TimeSpan.FromSeconds(2)));
        Assert.InRange(GC.GetGCMemoryInfo().TotalCommittedBytes, 0, committed - (32L << 20));
        Assert.Equal(0, WholesAfter(TimeSpan.FromMinutes(1)));

        // One collection of the young, as at rest each minute or so, is no load.
        Waste(7);
        Assert.True(pacer.Look());
        Assert.Equal(0, WholesAfter(TimeSpan.FromMinutes(1)));

        int WholesAfter(TimeSpan time)
        {
            var before = GC.CollectionCount(GC.MaxGeneration);
            _clock.Advance(time);
            Assert.False(pacer.Look());
            return GC.CollectionCount(GC.MaxGeneration) - before;
        }
    }

    /// <summary>Garbage of so many megabytes.</summary>
    private static void Waste(int megabytes)
    {
        for (var i = 0; i < megabytes * 64; i++) GC.KeepAlive(new byte[16 * 1024]);
    }

    /// <summary>64 MB that have seen two collections, and then died.</summary>
    private static void WasteOld()
    {
        var kept = new List<byte[]>();
        for (var i = 0; i < 4096; i++) kept.Add(new byte[16 * 1024]);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        kept.Clear();
    }
}
