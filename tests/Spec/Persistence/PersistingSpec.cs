using Picket.Actors;
using Picket.Actors.Persistence;
using Picket.Spec.Kernel;
using static Picket.Spec.Persistence.ScriptedPersistent;

namespace Picket.Spec.Persistence;

/// <summary>What Persist and its kin promise to the commands, the handlers and each other.</summary>
public sealed class PersistingSpec : PersistenceSpec
{
    [Fact]
    public void A_handler_runs_when_its_event_is_durable_and_no_command_comes_before_it()
    {
        var probe = Recovered(out var actor);
        Journal.Hold();
        actor.Tell(Keep("one"));
        actor.Tell("next");
        Probe.Await(() => Journal.Calls.Length == 1, "the write began");
        Assert.Empty(Journal.Stored("a"));
        probe.ExpectNothing();
        Journal.LetAllPass();
        probe.Expect<object>("one");
        probe.Expect<object>("next");
        Assert.Equal(["one"], Journal.Stored("a"));
    }

    [Fact]
    public void Handlers_run_in_the_order_of_the_calls_with_the_sender_of_the_command()
    {
        var probe = Recovered(out var actor);
        var asker = NewProbe();
        actor.Tell(Run(a =>
        {
            a.Persist("1", e => a.Sender.Tell($"{e} {a.LastSequenceNr}"));
            a.PersistAsync("2", e => a.Sender.Tell($"{e} {a.LastSequenceNr}"));
            a.PersistAll(["3", "4"], e => a.Sender.Tell($"{e} {a.LastSequenceNr}"));
            a.DeferAsync("5", e => a.Sender.Tell($"{e} {a.LastSequenceNr}"));
            a.PersistAllAsync(["6", "7"], e => a.Sender.Tell($"{e} {a.LastSequenceNr}"));
        }), asker.Ref);
        string[] expected = ["1 1", "2 2", "3 3", "4 4", "5 4", "6 5", "7 6"];
        foreach (var e in expected) asker.Expect(e);
        Assert.Equal(["1", "2", "3", "4", "6", "7"], Journal.Stored("a"));
        probe.ExpectNothing();
    }

    [Fact]
    public void A_command_without_sender_leaves_its_handler_without_one()
    {
        var probe = Recovered(out var actor);
        actor.Tell(Run(a => a.Persist("1", _ => a.Say(a.Sender.Equals(Sys.DeadLetters) ? "nobody" : "somebody"))), ActorRefs.NoSender);
        probe.Expect("nobody");
    }

    [Fact]
    public void PersistAsync_lets_commands_pass_and_keeps_its_own_order()
    {
        var probe = Recovered(out var actor);
        Journal.Hold();
        foreach (var e in (string[])["1", "2", "3"]) actor.Tell(KeepAsync(e));
        actor.Tell("command");
        probe.Expect<object>("command");
        Journal.LetAllPass();
        foreach (var e in (string[])["1", "2", "3"]) probe.Expect<object>(e);
    }

    [Fact]
    public void Commands_wait_for_the_last_Persist_only_and_PersistAsync_handlers_follow()
    {
        var probe = Recovered(out var actor);
        Journal.Hold();
        actor.Tell(Run(a =>
        {
            a.PersistAsync("async 1", a.Applied);
            a.Persist("sync", a.Applied);
            a.PersistAsync("async 2", a.Applied);
        }));
        actor.Tell("command");
        Probe.Await(() => Journal.Calls.Length == 1, "the write began");
        probe.ExpectNothing();
        Journal.LetAllPass();
        probe.Expect<object>("async 1");
        probe.Expect<object>("sync");
        string[] rest = [(string)probe.Expect<object>(), (string)probe.Expect<object>()];
        Assert.Equal(["async 2", "command"], rest.Order());
    }

    [Fact]
    public void Commands_wait_for_what_a_handler_persists_too()
    {
        var probe = Recovered(out var actor);
        Journal.Hold();
        actor.Tell(Run(a => a.Persist("x", e =>
        {
            a.Applied(e);
            a.Persist("x.1", inner =>
            {
                a.Applied(inner);
                a.Persist("x.1.1", a.Applied);
            });
        })));
        actor.Tell("command");
        Journal.LetAllPass();
        foreach (var e in (string[])["x", "x.1", "x.1.1", "command"]) probe.Expect<object>(e);
    }

    [Fact]
    public void Commands_wait_for_a_Persist_inside_a_handler_that_they_did_not_wait_for()
    {
        var probe = Recovered(out var actor);

        // The command comes when the write of x.1 has begun, so that the handler of x has run.
        Journal.BeforeWrite = writes =>
        {
            if (writes[0].Payload[0].Payload is "x.1") actor.Tell("command");
        };
        actor.Tell(Run(a => a.PersistAsync("x", e =>
        {
            a.Applied(e);
            a.Persist("x.1", a.Applied);
        })));
        foreach (var e in (string[])["x", "x.1", "command"]) probe.Expect<object>(e);
        actor.Tell("another");
        probe.Expect<object>("another");
    }

    [Fact]
    public void PersistAll_is_one_write_and_calls_what_completes_it_last()
    {
        var probe = Recovered(out var actor);
        actor.Tell(Run(a => a.PersistAll(["1", "2", "3"], a.Applied, () => a.Say("complete"))));
        foreach (var e in (string[])["1", "2", "3", "complete"]) probe.Expect<object>(e);
        actor.Tell(Run(a => a.PersistAll(Array.Empty<string>(), a.Applied, () => a.Say("nothing to do"))));
        probe.Expect<object>("nothing to do");
        actor.Tell(Run(a => a.PersistAllAsync(["4"], a.Applied, () => a.Say("complete"))));
        probe.Expect<object>("4");
        probe.Expect<object>("complete");
        Journal.Reject = payload => payload is "6";
        actor.Tell(Run(a => a.PersistAll(["5", "6"], a.Applied)));
        probe.Expect<object>("rejected 5 5");
        probe.Expect<object>("rejected 6 6");
        Assert.Equal(["1", "2", "3", "4"], Journal.Stored("a"));
    }

    [Fact]
    public void DeferAsync_runs_at_once_when_nothing_waits_and_persists_nothing()
    {
        var probe = Recovered(out var actor);
        actor.Tell(Run(a =>
        {
            a.DeferAsync("deferred", a.Say);
            a.Say("after");
        }));
        probe.Expect("deferred");
        probe.Expect("after");
        Assert.Empty(Journal.Calls);
    }

    [Fact]
    public void Defer_makes_commands_wait_and_DeferAsync_does_not()
    {
        var probe = Recovered(out var actor);
        Journal.Hold();
        actor.Tell(Run(a =>
        {
            a.PersistAsync("1", a.Applied);
            a.DeferAsync("later", a.Say);
        }));
        actor.Tell("passes");
        probe.Expect<object>("passes");
        actor.Tell(Run(a => a.Defer("waited", a.Say)));
        actor.Tell("waits");
        probe.ExpectNothing();
        Journal.LetAllPass();
        foreach (var e in (string[])["1", "later", "waited", "waits"]) probe.Expect<object>(e);
    }

    [Fact]
    public void A_command_that_throws_after_Persist_leaves_an_event_that_is_replayed()
    {
        var probe = Recovered(out var actor);
        actor.Tell(Run(a =>
        {
            a.Persist("kept", a.Applied);
            throw new InvalidOperationException("boom");
        }));
        actor.Tell("next");
        probe.Expect<string>();
        foreach (var e in (string[])["replayed kept", "recovered", "next"]) probe.Expect(e);
    }

    [Fact]
    public void A_handler_that_throws_restarts_the_actor_and_its_events_are_replayed_in_order_before_any_command()
    {
        var probe = Recovered(out var actor);
        Journal.Hold();
        actor.Tell(Run(a =>
        {
            a.Persist("1", a.Applied);
            a.Persist("2", _ => throw new InvalidOperationException("boom"));
            a.Persist("3", a.Applied);
        }));
        actor.Tell(Keep("4"));
        actor.Tell("last");
        Journal.LetAllPass();
        foreach (var e in (string[])["1", "restarts for 2", "replayed 1", "replayed 2", "replayed 3", "recovered", "4", "last"]) probe.Expect<object>(e);
    }

    [Fact]
    public void After_Resume_the_other_handlers_run_and_commands_go_on()
    {
        var probe = NewProbe();
        var parent = Spawn(() => new Scripted(probe.Ref, new OneForOneStrategy(_ => Directive.Resume)));
        parent.Tell(Scripted.Run((_, context) => context.ActorOf(Props.CreateFrom(() => new ScriptedPersistent("a", probe.Ref)), "child")));
        probe.Fish<string>(text => text == "recovered");
        var actor = Sys.ActorSelection($"{parent.Path}/child");
        Journal.Hold();
        actor.Tell(Run(a =>
        {
            a.Persist("1", _ => throw new InvalidOperationException("boom"));
            a.Persist("2", a.Applied);
        }));
        actor.Tell(Keep("3"));
        actor.Tell("last");
        Journal.LetAllPass();
        foreach (var e in (string[])["2", "3", "last"]) probe.Expect<object>(e);
        Assert.Equal(["1", "2", "3"], Journal.Stored("a"));
    }

    [Fact]
    public void A_handler_may_be_a_task_and_nothing_passes_it()
    {
        var probe = Recovered(out var actor);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asker = NewProbe();
        actor.Tell(Run(a =>
        {
            a.PersistAsync("1", async e =>
            {
                await gate.Task;
                a.Sender.Tell($"{e} done");
                a.Persist("2", inner => a.Sender.Tell(inner));
            });
        }), asker.Ref);
        actor.Tell("passes before the answer or waits for the task");
        Probe.Await(() => Journal.Stored("a").Length == 1, "the event was stored");
        gate.SetResult();
        asker.Expect("1 done");
        asker.Expect("2");
        probe.Expect<object>();
        Assert.Equal(["1", "2"], Journal.Stored("a"));
    }

    [Fact]
    public void Persist_fails_while_the_actor_recovers()
    {
        Journal.Plant("a", new Persistent("1", 1));
        var probe = NewProbe();
        var actor = Spawn(probe, set: a => a.OnReplayed = (self, message) =>
        {
            if (message is "1") self.Persist("2", _ => { });
        });
        var trouble = probe.Expect<RecoveryTrouble>();
        Assert.IsType<InvalidOperationException>(trouble.Reason);
        Assert.Equal("1", trouble.Event);
        probe.Expect("stopped");
    }

    [Fact]
    public void The_users_stash_and_the_commands_that_wait_keep_their_order()
    {
        var probe = Recovered(out var actor);
        var open = false;
        Do Stashing(string name) => Run(a =>
        {
            if (open) a.Persist(name, a.Applied);
            else a.Stash.Stash();
        });
        Journal.Hold();
        actor.Tell(Stashing("s1"));
        actor.Tell(Stashing("s2"));
        actor.Tell(Run(a => a.Persist("opens", e =>
        {
            a.Applied(e);
            open = true;
            a.Stash.UnstashAll();
        })));
        actor.Tell(Keep("w1"));
        actor.Tell(Keep("w2"));
        Probe.Await(() => Journal.Calls.Length == 1, "the write began");
        Journal.LetAllPass();
        foreach (var e in (string[])["opens", "s1", "s2", "w1", "w2"]) probe.Expect<object>(e);
    }

    [Fact]
    public void What_the_user_stashed_survives_a_restart_before_what_waited()
    {
        var probe = Recovered(out var actor);
        var open = false;
        actor.Tell(Run(a =>
        {
            if (open) a.Say("stashed");
            else a.Stash.Stash();
        }));
        Journal.Hold();
        actor.Tell(Run(a => a.Persist("1", _ =>
        {
            open = true;
            throw new InvalidOperationException("boom");
        })));
        actor.Tell("waited");
        Probe.Await(() => Journal.Calls.Length == 1, "the write began");
        Journal.LetAllPass();
        foreach (var e in (string[])["restarts for 1", "replayed 1", "recovered", "stashed", "waited"]) probe.Expect(e);
    }

    private Probe Recovered(out IActorRef actor)
    {
        var probe = NewProbe();
        actor = Spawn(probe);
        probe.Expect("recovered");
        return probe;
    }
}
