using Picket.Actors;

namespace Picket.Spec.Kernel;

public sealed class AsyncSpec : KernelSpec
{
    [Fact]
    public void The_next_message_waits_and_sender_self_and_context_stay_valid()
    {
        var probe = NewProbe();
        var source = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Spawn(() => new Awaits(source.Task), "a");
        actor.Tell("first", probe.Ref);
        actor.Tell(5, probe.Ref);
        probe.Expect("began");
        probe.ExpectNothing();
        source.SetResult(7);
        probe.Expect((7, actor, true));
        probe.Expect(5);
    }

    [Fact]
    public void An_asynchronous_handler_declared_in_Become_suspends_too()
    {
        var probe = NewProbe();
        var source = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Spawn(() => new Switches(source.Task, probe.Ref));
        actor.Tell("switch");
        actor.Tell("wait");
        actor.Tell("next");
        probe.Expect("wait");
        probe.ExpectNothing();
        source.SetResult(7);
        probe.Expect(7);
        probe.Expect("next");
        probe.Expect(7);
    }

    [Fact]
    public void What_the_task_throws_goes_to_the_supervisor_and_the_mailbox_is_kept()
    {
        var probe = NewProbe();
        var source = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Spawn(() => new Awaits(source.Task), "a");
        actor.Tell("first", probe.Ref);
        actor.Tell(5, probe.Ref);
        probe.Expect("began");
        source.SetException(new InvalidOperationException("boom"));
        probe.Expect(5);
        Assert.Equal(1, Sys.Tree().Single(e => e.Path == actor.Path).Restarts);
    }

    [Fact]
    public void A_task_that_ended_at_once_suspends_nothing()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new Awaits(Task.FromResult(1)), "a");
        for (var i = 0; i < 100; i++)
        {
            actor.Tell("go", probe.Ref);
            actor.Tell(i, probe.Ref);
        }

        for (var i = 0; i < 100; i++)
        {
            probe.Expect("began");
            probe.Expect((1, actor, true));
            probe.Expect(i);
        }
    }

    [Fact]
    public void Watches_and_ends_of_children_are_handled_while_a_handler_awaits()
    {
        var probe = NewProbe();
        var source = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Spawn(() => new Awaits(source.Task), "a");
        actor.Tell("first", probe.Ref);
        probe.Expect("began");
        probe.Ref.Tell(new Probe.Watch(actor));
        Sys.Stop(actor);
        source.SetResult(7);
        probe.Expect((7, actor, true));
        probe.Expect<Terminated>();
    }

    [Fact]
    public void RunTask_of_an_untyped_actor_holds_the_next_message()
    {
        var probe = NewProbe();
        var source = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Spawn(() => new Runs(probe.Ref, source.Task));
        actor.Tell("task");
        actor.Tell("next");
        probe.Expect("returned");
        probe.ExpectNothing();
        source.SetResult(1);
        probe.Expect("awaited");
        probe.Expect("next");
    }

    [Fact]
    public async Task Handlers_that_await_many_times_never_overlap()
    {
        var actors = Enumerable.Range(0, 8).Select(_ => Spawn(() => new Overlaps())).ToList();
        foreach (var actor in actors)
        {
            for (var i = 0; i < 200; i++) actor.Tell(i);
        }

        foreach (var actor in actors) Assert.Equal(200, await actor.Ask<int>("count", TestContext.Current.CancellationToken));
    }

    private sealed class Awaits : ReceiveActor
    {
        public Awaits(Task<int> task)
        {
            ReceiveAsync<string>(async _ =>
            {
                var sender = Sender;
                sender.Tell("began");
                var got = await task;
                Sender.Tell((got, Self, ReferenceEquals(Sender, sender) && Context.Self.Equals(Self)));
            });
            Receive<int>(i => Sender.Tell(i));
        }
    }

    private sealed class Runs(IActorRef to, Task task) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not "task")
            {
                to.Tell(message);
                return;
            }

            RunTask(async () =>
            {
                await task;
                to.Tell("awaited");
            });
            to.Tell("returned");
        }
    }

    private sealed class Overlaps : ReceiveActor
    {
        private int _inside;
        private int _handled;

        public Overlaps()
        {
            Receive<string>(_ => Sender.Tell(_handled));
            ReceiveAnyAsync(async _ =>
            {
                for (var i = 0; i < 3; i++)
                {
                    if (Interlocked.Increment(ref _inside) != 1) throw new InvalidOperationException("overlap");
                    Interlocked.Decrement(ref _inside);
                    await Task.Yield();
                }

                _handled++;
            });
        }
    }

    private sealed class Switches : ReceiveActor
    {
        public Switches(Task<int> wait, IActorRef to) => Receive<string>(_ => Become(() => ReceiveAsync<string>(async s =>
        {
            to.Tell(s);
            to.Tell(await wait);
        })));
    }
}
