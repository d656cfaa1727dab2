using Picket.Actors;
using Picket.Actors.Dispatch;
using Picket.Hocon;

namespace Picket.Spec.Kernel;

/// <summary>A busy actor does not starve others: its turn ends after so many messages, whoever floods it.</summary>
public sealed class FairnessSpec : KernelSpec
{
    private const int Throughput = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public void An_actor_handles_as_many_messages_in_a_turn_as_its_dispatcher_says_and_others_are_next()
    {
        var turns = new InTurn(Throughput);
        var system = ActorSystem.Create("turns", new ActorSystemOptions { StandardErrorLevel = null, DefaultDispatcher = turns });
        var handled = new List<char>();
        var names = "abc";
        foreach (var name in names)
        {
            var actor = system.ActorOf(Props.CreateFrom(() => new Notes(name, handled)));
            for (var i = 0; i < (Throughput * 4) + 2; i++) actor.Tell(i, ActorRefs.NoSender);
        }

        turns.Run();
        var expected = Enumerable.Repeat(names.SelectMany(name => Enumerable.Repeat(name, Throughput)), 4).SelectMany(round => round)
            .Concat(names.SelectMany(name => Enumerable.Repeat(name, 2)));
        Assert.Equal(string.Concat(expected), string.Concat(handled));
        system.Terminate();
        turns.Run();
        Assert.True(system.WhenTerminated.IsCompleted);
    }

    [Fact]
    public void An_actor_that_floods_itself_gives_way_after_each_turn()
    {
        var turns = new InTurn(Throughput);
        var system = ActorSystem.Create("turns", new ActorSystemOptions { StandardErrorLevel = null, DefaultDispatcher = turns });
        var handled = new List<char>();
        var flood = system.ActorOf(Props.CreateFrom(() => new Floods(handled, 100)));
        flood.Tell("begin", ActorRefs.NoSender);
        var other = system.ActorOf(Props.CreateFrom(() => new Notes('b', handled)));
        for (var i = 0; i < 20; i++) other.Tell(i, ActorRefs.NoSender);
        turns.Run();
        var text = string.Concat(handled);
        Assert.Equal((100, 20), (text.Count('f'.Equals), text.Count('b'.Equals)));
        Assert.DoesNotContain(new string('f', Throughput + 1), text[..text.LastIndexOf('b')], StringComparison.Ordinal);
        system.Terminate();
        turns.Run();
    }

    [Fact]
    public void A_dispatcher_of_the_configuration_has_a_throughput_of_its_own()
    {
        using var system = ActorSystem.Create("own", ConfigurationFactory.ParseString("""
            akka.stdout-loglevel = OFF, mine.throughput = 3, alone { type = PinnedDispatcher, throughput = 4 }
            """));
        Assert.Equal([3, 4], new[] { "mine", "alone" }.Select(id =>
        {
            var actor = (Actors.Refs.LocalActorRef)system.ActorOf(Props.Empty.WithDispatcher(id));
            return actor.Mailbox.Dispatcher.Throughput;
        }));
    }

    [Fact]
    public async Task Producers_in_a_tight_loop_do_not_keep_another_actor_from_its_messages()
    {
        using var stop = new CancellationTokenSource();
        var producers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ =>
        {
            var flooded = Spawn(static () => new Ignores());
            return Task.Factory.StartNew(
                () =>
                {
                    // So many that they outlast the questions by far, and no more than memory has room for.
                    for (var i = 0; i < 20_000_000 && !stop.IsCancellationRequested; i++) flooded.Tell("more", ActorRefs.NoSender);
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }).ToList();
        var echo = Spawn(static () => new Echoes());
        for (var i = 0; i < 50; i++) Assert.Equal(i, await echo.Ask<int>(i, Limit, TestContext.Current.CancellationToken));
        await stop.CancelAsync();
        await Task.WhenAll(producers).WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    /// <summary>One turn after the other on the test's thread, first come, first served.</summary>
    private sealed class InTurn(int throughput) : MessageDispatcher(throughput)
    {
        private readonly Queue<Mailbox> _due = [];

        public override void Schedule(Mailbox mailbox) => _due.Enqueue(mailbox);

        public void Run()
        {
            var thread = TurnThread.Current ?? new TurnThread();
            thread.Enter();
            while (_due.TryDequeue(out var mailbox))
            {
                if (mailbox.Execute(thread)) Schedule(mailbox);
            }

            thread.Cell = null;
        }
    }

    private sealed class Notes(char name, List<char> handled) : UntypedActor
    {
        protected override void OnReceive(object message) => handled.Add(name);
    }

    private sealed class Floods(List<char> handled, int times) : UntypedActor
    {
        private int _left = times;

        protected override void OnReceive(object message)
        {
            handled.Add('f');
            if (--_left > 0) Self.Tell("more", ActorRefs.NoSender);
        }
    }

    private sealed class Ignores : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Echoes : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }
}
