using Picket.Actors;
using Picket.Actors.Event;
using Picket.Actors.Persistence;
using static Picket.Spec.Persistence.ScriptedPersistent;

namespace Picket.Spec.Persistence;

/// <summary>Commands that wait, and no room for them.</summary>
public sealed class StashOverflowSpec : PersistenceSpec
{
    [Fact]
    public void Discarded_commands_go_to_dead_letters()
    {
        var dead = Listen<DeadLetter>();
        var (probe, asker) = Overflow(DiscardToDeadLetterStrategy.Instance);
        var letter = dead.Expect<DeadLetter>();
        Assert.Equal("c3", letter.Message);
        Assert.Equal(asker.Ref, letter.Sender);
        Journal.LetAllPass();
        foreach (var e in (string[])["1", "c1", "c2"]) probe.Expect<object>(e);
        probe.ExpectNothing();
    }

    [Fact]
    public void A_sender_may_be_answered_that_there_was_no_room()
    {
        var (probe, asker) = Overflow(new ReplyToStrategy("busy"));
        asker.Expect("busy");
        Journal.LetAllPass();
        foreach (var e in (string[])["1", "c1", "c2"]) probe.Expect<object>(e);
        probe.ExpectNothing();
    }

    [Fact]
    public void By_default_the_actor_fails_and_what_waited_is_handled_by_the_next_incarnation()
    {
        var (probe, _) = Overflow(null);
        probe.Expect("restarts for c3");
        Journal.LetAllPass();
        foreach (var e in (string[])["replayed 1", "recovered", "c1", "c2"]) probe.Expect<object>(e);
        probe.ExpectNothing();
    }

    private (Probe Probe, Probe Asker) Overflow(IStashOverflowStrategy? strategy)
    {
        var probe = NewProbe();
        var asker = NewProbe();
        var actor = Sys.ActorOf(Props.CreateFrom(() => new ScriptedPersistent("a", probe.Ref) { Overflow = strategy }).WithStashCapacity(2));
        probe.Expect("recovered");
        Journal.Hold();
        actor.Tell(Keep("1"));
        Probe.Await(() => Journal.Calls.Length == 1, "the write began");
        foreach (var command in (string[])["c1", "c2", "c3"]) actor.Tell(command, asker.Ref);
        return (probe, asker);
    }
}
