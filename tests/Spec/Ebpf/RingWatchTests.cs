using Picket.Sensors.Ebpf;
using Picket.Spec.Journal;

namespace Picket.Spec.Ebpf;

public sealed class RingWatchTests
{
    private readonly ManualClock _clock = new();
    private readonly RingWatch _watch;

    public RingWatchTests() => _watch = new RingWatch(TimeSpan.FromSeconds(3), _clock);

    [Fact]
    public void A_ring_that_stands_still_is_said_once_and_again_after_it_has_moved()
    {
        Assert.Null(_watch.Look(0, 100));
        Assert.Null(After(2, 0, 200));
        var stalled = After(2, 0, 300);
        Assert.Equal(new RingStalled(TimeSpan.FromSeconds(4), 300), stalled);
        Assert.Null(After(5, 0, 300));
        Assert.Null(After(1, 50, 300));
        Assert.NotNull(After(4, 50, 300));
    }

    [Fact]
    public void An_empty_ring_and_one_that_moves_are_not_said()
    {
        for (var i = 1; i < 10; i++) Assert.Null(After(5, 100, 100));
        for (var i = 1; i < 10; i++) Assert.Null(After(5, 100 + (ulong)i, 1_000));
    }

    private RingStalled? After(int seconds, ulong published, ulong produced)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        return _watch.Look(published, produced);
    }
}
