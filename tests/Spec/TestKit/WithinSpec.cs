using System.Diagnostics;
using Picket.Actors;
using Picket.Actors.TestKit;
using Picket.Spec.Kernel;

namespace Picket.Spec.TestKit;

/// <summary>On a clock that the test moves: what Within measures is exact.</summary>
public sealed class WithinSpec : KitSpec
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time;

    public WithinSpec() : this(new ManualTime())
    {
    }

    private WithinSpec(ManualTime time) : base(time, new TestKitSettings { TestTimeFactor = 2 }) => _time = time;

    [Fact]
    public void Too_long_and_too_short_fail()
    {
        Within(Second, () => _time.Advance(Second * 2));
        Says(Failure(() => Within(Second, () => _time.Advance(Second * 2.5))), "took 00:00:02.5", "may take 00:00:02");
        Assert.Equal(5, Within(Second, Second * 2, () =>
        {
            _time.Advance(Second);
            return 5;
        }));
        Says(Failure(() => Within(Second, Second * 2, () => { }, "quick")), "(quick)", "at least 00:00:01");
        Within(Second, Second, () => _time.Advance(Second * 0.8), epsilonValue: Second * 0.3);
    }

    [Fact]
    public void An_inner_block_has_what_remains_of_the_outer()
    {
        Within(Second * 2, () =>
        {
            _time.Advance(Second);
            Assert.Equal(Second * 3, Remaining);
            Within(Second * 5, () =>
            {
                Assert.Equal(Second * 3, Remaining);
                Assert.Equal(Second * 3, RemainingOrDefault);
                Assert.Equal(Second * 4, RemainingOrDilated(Second * 2));
            });
            Within(Second * 0.5, () => Assert.Equal(Second, Remaining));
            Assert.Equal(Second * 3, Remaining);
            Says(Failure(() => Within(Second * 4, Second * 5, () => { })), "does not fit", "00:00:03 remain");
        });
        Assert.Throws<InvalidOperationException>(() => Remaining);
        Assert.Equal(Second * 6, RemainingOrDefault);
    }

    [Fact]
    public void What_the_block_throws_ends_it() =>
        Assert.Throws<DivideByZeroException>(() => Within(Second, () =>
        {
            _time.Advance(Second * 10);
            throw new DivideByZeroException();
        }));

    [Fact]
    public async Task Expectations_wait_for_what_remains()
    {
        var failure = await Assert.ThrowsAsync<ExpectationFailedException>(() => WithinAsync(Second, async () =>
        {
            _time.Advance(Second);
            var expected = ExpectMsgAsync<string>();

            // Another clock than the wall's: this ends the wait.
            _time.Advance(Second);
            await expected;
        }));
        Says(failure.Message, "a String within 00:00:01", "nothing came");
    }

    [Fact]
    public async Task A_timer_of_the_moved_clock_is_expected_without_waiting_for_it()
    {
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromHours(1), TestActor, "due", ActorRefs.NoSender);
        var due = ExpectMsgAsync("due", TimeSpan.FromMinutes(20));
        _time.Advance(TimeSpan.FromHours(2));
        await due;
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 20; i++)
        {
            var silence = ExpectNoMsgAsync(TimeSpan.FromHours(1));
            _time.Advance(TimeSpan.FromHours(2));
            await silence;
        }

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Equal(0, _time.Pending);
    }

    [Fact]
    public void Times_are_dilated_and_zero_and_no_end_are_not()
    {
        Assert.Equal(Second * 2, Dilated(Second));
        Assert.Equal(TimeSpan.Zero, Dilated(TimeSpan.Zero));
        Assert.Equal(Timeout.InfiniteTimeSpan, Dilated(Timeout.InfiniteTimeSpan));
        Assert.Throws<ArgumentException>(() => RemainingOrDilated(Timeout.InfiniteTimeSpan));
        Assert.Equal(TimeSpan.FromSeconds(3), GetTimeoutOrDefault(null));
    }
}
