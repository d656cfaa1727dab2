using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel;

public sealed class EventStreamSpec : KernelSpec
{
    [Fact]
    public void Subscribers_of_a_type_or_a_base_of_it_get_an_event_once()
    {
        var probe = CreateTestProbe();
        Assert.True(Sys.EventStream.Subscribe<string>(probe.Ref));
        Assert.False(Sys.EventStream.Subscribe<string>(probe.Ref));
        Assert.True(Sys.EventStream.Subscribe<IComparable>(probe.Ref));
        Sys.EventStream.Publish("x");
        Sys.EventStream.Publish(5);
        Sys.EventStream.Publish(new object());
        probe.ExpectMsg("x");
        probe.ExpectMsg(5);
        probe.ExpectNoMsg(0);
        Assert.True(Sys.EventStream.Unsubscribe<IComparable>(probe.Ref));
        Assert.False(Sys.EventStream.Unsubscribe<IComparable>(probe.Ref));
        Sys.EventStream.Publish(5);
        probe.ExpectNoMsg(0);
        Assert.True(Sys.EventStream.Unsubscribe(probe.Ref));
        Sys.EventStream.Publish("x");
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public async Task A_subscriber_that_ended_is_forgotten()
    {
        var dead = Listen<DeadLetter>();
        var probe = CreateTestProbe();
        Sys.EventStream.Subscribe<string>(probe.Ref);
        await probe.Ref.GracefulStop(TimeSpan.FromSeconds(20));
        AwaitCondition(() => !Sys.EventStream.Unsubscribe(probe.Ref), message: "the subscription was gone");
        Sys.EventStream.Publish("x");
        dead.ExpectNoMsg(0);
    }

    [Fact]
    public async Task A_dead_subscriber_of_dead_letters_makes_no_circle()
    {
        var probe = CreateTestProbe();
        await probe.Ref.GracefulStop(TimeSpan.FromSeconds(20));
        var living = Listen<DeadLetter>();
        Sys.EventStream.Subscribe<DeadLetter>(probe.Ref);
        Sys.DeadLetters.Tell("x", living.Ref);
        Assert.Equal("x", living.ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void Suppressed_letters_are_heard_only_by_who_asks_for_them()
    {
        var plain = Listen<DeadLetter>();
        var all = Listen<AllDeadLetters>();
        Sys.DeadLetters.Tell(PoisonPill.Instance);
        Sys.DeadLetters.Tell("x");
        Assert.IsType<PoisonPill>(all.ExpectMsg<SuppressedDeadLetter>().Message);
        Assert.Equal("x", all.ExpectMsg<DeadLetter>().Message);
        Assert.Equal("x", plain.ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void Log_events_carry_level_source_and_arguments()
    {
        var probe = Listen<LogEvent>();
        Sys.Log.Debug("below the level");
        Sys.Log.Warning("{0} of {1}", 1, 2);
        var warning = probe.ExpectMsg<Warning>();
        Assert.Equal(("1 of 2", LogLevel.WarningLevel, "ActorSystem(spec)"), (warning.Message as string, warning.LogLevel(), warning.LogSource));
        var actor = Spawn(() => new Logs(), "logs");
        actor.Tell("hello {x}");
        var info = probe.ExpectMsg<Info>();
        Assert.Equal(("hello {x}", actor.Path.ToString(), typeof(Logs)), (info.Message as string, info.LogSource, info.LogClass));
    }

    private sealed class Logs : UntypedActor
    {
        protected override void OnReceive(object message) => Context.GetLogger().Info((string)message);
    }
}
