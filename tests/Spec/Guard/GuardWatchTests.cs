using Picket.Node.Guard;
using Picket.Spec.Journal;

namespace Picket.Spec.Guard;

public sealed class GuardWatchTests
{
    private readonly ManualClock _clock = new();
    private readonly GuardWatch _watch;

    public GuardWatchTests() => _watch = new GuardWatch(_clock);

    [Fact]
    public void Who_beats_is_well_whatever_its_state_shows()
    {
        for (var i = 0; i < 20; i++) Assert.Equal(GuardVerdict.Nothing, Look(1, i % 2 == 0 ? 't' : 'T', beats: 1));
        Assert.Equal(_clock.GetUtcNow(), _watch.LastBeat);
    }

    [Theory]
    [InlineData('T')]
    [InlineData('t')]
    public void A_halt_is_said_once_and_the_next_one_again(char state)
    {
        for (var episode = 0; episode < 3; episode++)
        {
            Look(1, 'S', beats: 1);
            var heard = _clock.GetUtcNow();
            Assert.Equal(GuardVerdict.Nothing, Look(1, state));
            Assert.Equal(TimeSpan.FromSeconds(1), _watch.NextLook);
            Assert.Equal(GuardVerdict.Nothing, Look(1, state));
            Assert.Equal(TimeSpan.FromSeconds(0.5), _watch.NextLook);
            Assert.Equal(GuardVerdict.Halted, Look(0.5, state));
            Assert.Equal(heard, _watch.LastBeat);
            for (var i = 0; i < 20; i++) Assert.Equal(GuardVerdict.Nothing, Look(1, state));
        }
    }

    [Fact]
    public void A_short_halt_is_none()
    {
        Look(1, 'S', beats: 1);
        Look(0.1, 't');
        Look(1, 't');
        Assert.Equal(GuardVerdict.Nothing, Look(0.3, 'S'));
        Look(0.1, 't');
        Assert.Equal(GuardVerdict.Nothing, Look(1.4, 't'));
        Assert.Equal(GuardVerdict.Nothing, Look(0.05, 'S', beats: 1));
    }

    [Theory]
    [InlineData('S')]
    [InlineData('D')]
    [InlineData('Z')]
    public void Silence_is_said_once_four_seconds_after_the_last_beat(char state)
    {
        for (var episode = 0; episode < 2; episode++)
        {
            Look(1, 'S', beats: 2);
            for (var i = 0; i < 3; i++) Assert.Equal(GuardVerdict.Nothing, Look(1, state));
            Assert.Equal(GuardVerdict.Nothing, Look(0.75, state));
            Assert.Equal(TimeSpan.FromSeconds(0.25), _watch.NextLook);
            Assert.Equal(GuardVerdict.Silent, Look(0.25, state));
            for (var i = 0; i < 20; i++) Assert.Equal(GuardVerdict.Nothing, Look(1, i < 10 ? state : 'T'));
        }
    }

    [Fact]
    public void Looks_as_it_asks_for_them_tell_of_any_halt_and_any_silence_within_five_seconds()
    {
        foreach (var state in "TtSD")
        {
            for (var phase = 0; phase < 20; phase++)
            {
                Look(0.05 * phase, 'S', beats: 1);
                var stopped = _clock.GetTimestamp();
                while (Look(_watch.NextLook.TotalSeconds, state) == GuardVerdict.Nothing)
                    Assert.True(_clock.GetElapsedTime(stopped) < TimeSpan.FromSeconds(4.5));
            }
        }
    }

    [Fact]
    public void What_was_missed_while_the_guard_itself_did_not_run_is_not_held_against_the_node()
    {
        Look(1, 'S', beats: 1);
        Assert.Equal(GuardVerdict.Nothing, Look(3600, 'S'));
        Assert.Equal(GuardVerdict.Nothing, Look(1, 'S', beats: 1));
        Look(1, 'T');
        Assert.Equal(GuardVerdict.Nothing, Look(3600, 'T'));

        // What lasts is said all the same.
        Assert.Equal(GuardVerdict.Nothing, Look(1, 'T'));
        Assert.Equal(GuardVerdict.Halted, Look(0.5, 'T'));
    }

    [Fact]
    public void An_end_without_a_goodbye_is_always_said_and_one_with_it_never()
    {
        Look(1, 'T');
        Look(1, 'T');
        Assert.Equal(GuardVerdict.Halted, Look(1, 'T'));
        Assert.Equal(GuardVerdict.Ended, _watch.Look(new GuardSight(0, false, true, 'Z')));
        Assert.Equal(GuardVerdict.Ended, new GuardWatch(_clock).Look(new GuardSight(0, false, true, '\0')));
        Assert.Equal(GuardVerdict.Farewell, new GuardWatch(_clock).Look(new GuardSight(1, true, false, 'S')));
        Assert.Equal(GuardVerdict.Farewell, new GuardWatch(_clock).Look(new GuardSight(0, true, true, '\0')));
    }

    private GuardVerdict Look(double seconds, char state, int beats = 0)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        return _watch.Look(new GuardSight(beats, false, false, state));
    }
}
