using System.Text.RegularExpressions;
using Picket.Actors;
using Picket.Actors.Event;
using Picket.Actors.TestKit;

namespace Picket.Spec.TestKit;

public sealed class EventFilterSpec : KitSpec
{
    public EventFilterSpec() : base(settings: new TestKitSettings { TestEventFilterLeeway = TimeSpan.FromSeconds(20) })
    {
    }

    [Fact]
    public void Each_level_is_expected_by_text_and_source()
    {
        EventFilter.Info("one").ExpectOne(() => Log.Info("one"));
        EventFilter.Warning(start: "on").ExpectOne(() => Log.Warning("one"));
        EventFilter.Error(contains: "n").ExpectOne(() => Log.Error("one"));
        EventFilter.Error(new Regex("^o.e$")).ExpectOne(() => Log.Error("one"));
        EventFilter.ForLogLevel(LogLevel.WarningLevel, "one").ExpectOne(() => Log.Warning("one"));
        EventFilter.Info(source: nameof(EventFilterSpec)).ExpectOne(() => Log.Info("one"));
        EventFilter.Custom(e => e.LogClass == typeof(EventFilterSpec)).ExpectOne(() => Log.Info("one"));
        Assert.Equal(5, EventFilter.Info("a").And.Warning("b").Expect(2, () =>
        {
            Log.Info("a");
            Log.Warning("b");
            Log.Info("c");
            return 5;
        }));
    }

    [Fact]
    public void What_does_not_fit_is_not_counted()
    {
        foreach (var filter in new[]
            {
                EventFilter.Info("other"), EventFilter.Info(start: "ne"), EventFilter.Info(contains: "x"), EventFilter.Info(source: "else"),
                EventFilter.Warning("one"), EventFilter.Error("one"), EventFilter.Info(new Regex("two")), EventFilter.Custom<Warning>(_ => true),
                EventFilter.Exception<InvalidOperationException>(), EventFilter.DeadLetter(), EventFilter.Debug("one"),
            })
        {
            Says(Failure(() => filter.ExpectOne(Soon, () => Log.Info("one"))), "expected 1 events of", "but 0 came");
        }
    }

    [Fact]
    public void Too_many_fail_and_none_is_expected_as_such()
    {
        Says(Failure(() => EventFilter.Info("one").ExpectOne(() =>
        {
            Log.Info("one");
            Log.Info("one");
        })), "expected 1 events of [Info \"one\"]", "but 2 came");
        EventFilter.Info("one").Expect(0, () => Log.Info("two"));
        Says(Failure(() => EventFilter.Info("one").Expect(0, () => Log.Info("one"))), "expected 0", "but 1 came");
    }

    [Fact]
    public void Failures_of_actors_are_expected_by_exception_and_path()
    {
        var echo = Echo();
        var boom = new InvalidOperationException("boom", new DivideByZeroException("inner"));
        var path = echo.Path.ToStringWithoutAddress();
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => echo.Tell(boom));
        EventFilter.Exception<InvalidOperationException>("boom", source: path).ExpectOne(() => echo.Tell(boom));
        EventFilter.Exception<Exception>(new Regex("b..m")).ExpectOne(() => echo.Tell(boom));
        EventFilter.Exception(typeof(DivideByZeroException), checkInnerExceptions: true).ExpectOne(() => echo.Tell(boom));
        Says(Failure(() => EventFilter.Exception<DivideByZeroException>().ExpectOne(Soon, () => echo.Tell(boom))),
            "Error by DivideByZeroException");
    }

    [Fact]
    public async Task Dead_letters_are_expected_by_type_and_receiver()
    {
        var dead = Echo();
        await dead.GracefulStop(TimeSpan.FromSeconds(20));
        EventFilter.DeadLetter().ExpectOne(() => dead.Tell("x"));
        EventFilter.DeadLetter<string>().ExpectOne(() => dead.Tell("x"));
        EventFilter.DeadLetter<string>(text => text == "x", dead.Path.ToStringWithoutAddress()).ExpectOne(() => dead.Tell("x"));
        EventFilter.DeadLetter<int>(_ => true).Expect(0, () => dead.Tell("x"));
        await EventFilter.DeadLetter<int>().ExpectAsync(2, () =>
        {
            dead.Tell(1);
            dead.Tell(2);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_muted_event_is_not_counted_after_its_filter_ended()
    {
        using (EventFilter.Info().Mute()) Log.Info("muted");
        EventFilter.Info().Mute(() => Log.Info("muted"));
        Assert.Equal(1, EventFilter.Info().Mute(() => 1));
        var filter = EventFilter.Info("x");
        filter.ExpectOne(() => Log.Info("x"));
        Log.Info("x");
        filter.ExpectOne(() => Log.Info("x"));
    }

    [Fact]
    public void What_the_action_throws_comes_out() =>
        Assert.Throws<DivideByZeroException>(() => EventFilter.Info().ExpectOne(() => throw new DivideByZeroException()));
}
