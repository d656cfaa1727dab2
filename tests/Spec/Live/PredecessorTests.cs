using Picket.Node.Locks;
using Picket.Spec.Journal;

namespace Picket.Spec.Live;

public sealed class PredecessorTests
{
    private readonly ManualClock _clock = new();
    private readonly List<string> _said = [];
    private readonly TaskCompletionSource _stopped = new();

    [Theory]
    [InlineData(LockHolding.Free)]
    [InlineData(LockHolding.Living)]
    public async Task Who_is_not_there_or_lives_is_not_waited_for(object holding)
    {
        Assert.True(await Of((LockHolding)holding).AwaitEndAsync(_stopped.Task));
        Assert.Empty(_said);
    }

    [Fact]
    public async Task Who_ends_is_waited_for_and_named_once()
    {
        var looks = 0;
        var clock = await RunAsync(new Predecessor(() => new LockSight(looks++ < 20 ? LockHolding.Ending : LockHolding.Free, "/pins", 7), _said.Add, _clock));
        Assert.Equal(["waits for process 7 to end, which was killed or ends and still holds /pins"], _said);
        Assert.Equal(21, looks);
        Assert.InRange(clock.TotalSeconds, 1, 10);
    }

    [Fact]
    public async Task Who_does_not_end_is_waited_for_so_long_and_no_longer()
    {
        Assert.InRange((await RunAsync(Of(LockHolding.Ending))).TotalSeconds, 30, 30.5);
        Assert.Equal(["waits for process 7 to end, which was killed or ends and still holds /pins", "process 7 has not ended in 30 s"], _said);
    }

    [Fact]
    public async Task Who_is_not_known_is_waited_for_a_short_while_in_silence_also_behind_one_that_ended()
    {
        Assert.InRange((await RunAsync(Of(LockHolding.Unknown))).TotalSeconds, 2, 2.5);
        Assert.Empty(_said);
        var from = _clock.GetUtcNow();
        var total = await RunAsync(new Predecessor(
            () => new LockSight(_clock.GetUtcNow() - from < TimeSpan.FromSeconds(10) ? LockHolding.Ending : LockHolding.Unknown, "/pins", 7), _said.Add, _clock));
        Assert.InRange(total.TotalSeconds, 12, 12.8);
        Assert.Single(_said);
    }

    [Fact]
    public async Task A_stop_ends_the_wait()
    {
        var waits = Of(LockHolding.Ending).AwaitEndAsync(_stopped.Task);
        Assert.False(waits.IsCompleted);
        _stopped.SetResult();
        Assert.False(await waits);
    }

    private Predecessor Of(LockHolding holding) => new(() => new LockSight(holding, "/pins", 7), _said.Add, _clock);

    /// <summary>Runs it with the clock going; the time that it took. What a timer of this clock sets off runs on the thread that moves it.</summary>
    private async Task<TimeSpan> RunAsync(Predecessor predecessor)
    {
        var from = _clock.GetUtcNow();
        SynchronizationContext.SetSynchronizationContext(null);
        var waits = predecessor.AwaitEndAsync(_stopped.Task);
        while (!waits.IsCompleted) _clock.Advance(TimeSpan.FromMilliseconds(50));
        Assert.True(await waits);
        return _clock.GetUtcNow() - from;
    }
}
