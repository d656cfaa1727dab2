using Picket.Actors;
using Picket.Actors.Dispatch;
using Picket.Actors.Event;
using Picket.Hocon;

namespace Picket.Spec.Kernel.Surface;

/// <summary>The system, its configuration, mailboxes and dispatchers.</summary>
public sealed class SystemSurfaceSpec() : SurfaceSpec("""
    akka.actor.debug { unhandled = on, lifecycle = on, autoreceive = on, event-stream = on }
    akka.loglevel = DEBUG
    bounded {
      mailbox-type = "Akka.Dispatch.BoundedMailbox, Akka"
      mailbox-capacity = 1
      mailbox-push-timeout-time = 1ms
    }
    plain.mailbox-capacity = 5
    strange.mailbox-type = "MyApp.MyMailbox, MyApp"
    wrong { mailbox-type = BoundedMailbox, mailbox-capacity = 0 }
    my-dispatcher { type = Dispatcher, throughput = 1 }
    my-pinned { type = PinnedDispatcher, mailbox-type = BoundedMailbox, mailbox-capacity = 1, mailbox-push-timeout-time = 0 }
    my-fork-join.type = ForkJoinDispatcher
    my-lazy { type = Dispatcher, throughput = 0 }
    """)
{
    private sealed class Ranked : UnboundedPriorityMailbox
    {
        public Ranked(Settings settings, Config config) : base(settings, config)
        {
        }

        protected override int PriorityGenerator(object message) => message is int n ? n : 0;
    }

    private sealed class Blocking : ReceiveActor
    {
        public Blocking(SemaphoreSlim gate, IActorRef to)
        {
            Receive<string>(_ =>
            {
                to.Tell("entered");
                gate.Wait();
            });
            ReceiveAny(m => to.Tell($"{m} {Thread.CurrentThread.Name?.StartsWith("picket-worker", StringComparison.Ordinal)}"));
        }
    }

    [Fact]
    public async Task A_system_has_its_parts()
    {
        using var system = ActorSystem.Create("parts");
        Assert.Equal("parts", system.Name);
        Assert.Equal("akka://parts", system.ToString());
        Assert.True(system.Uptime >= TimeSpan.Zero && system.StartTime > DateTimeOffset.UnixEpoch);
        Assert.Equal(100, system.Settings.Config.GetInt("akka.actor.default-dispatcher.throughput"));
        Assert.Equal(Timeout.InfiniteTimeSpan, system.Settings.AskTimeout);
        Assert.Same(system, system.Settings.System);
        var ended = new TaskCompletionSource();
        system.RegisterOnTermination(ended.SetResult);
        var actor = system.ActorOf(Props.Empty, "a");
        system.Stop(actor);
        Assert.True(await actor.WatchAsync(TestContext.Current.CancellationToken));
        Assert.False(system.WhenTerminated.IsCompleted);
        await system.Terminate();
        Assert.True(ended.Task.IsCompleted && system.WhenTerminated.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => system.ActorOf(Props.Empty));
    }

    [Fact]
    public void Dispose_waits_for_the_end()
    {
        var system = ActorSystem.Create("disposed");
        system.ActorOf(Props.Empty);
        system.Dispose();
        Assert.True(system.WhenTerminated.IsCompleted);
    }

    [Fact]
    public void The_reference_says_what_options_are_by_default()
    {
        Assert.Equal(new ActorSystemOptions(), ActorSystemOptions.From(Config.Empty));
        var options = ActorSystemOptions.From(ConfigurationFactory.ParseString("""
            akka { loglevel = error, stdout-loglevel = off, actor { ask-timeout = 3s, default-dispatcher.throughput = 7
              guardian-supervisor-strategy = "Akka.Actor.StoppingSupervisorStrategy", default-mailbox.mailbox-type = BoundedMailbox } }
            """));
        Assert.Equal((LogLevel.ErrorLevel, null, TimeSpan.FromSeconds(3), 7),
            (options.LogLevel, options.StandardErrorLevel, options.AskTimeout, options.Throughput));
        Assert.Same(SupervisorStrategy.StoppingStrategy, options.GuardianStrategy);
        Assert.Equal((1000, TimeSpan.FromSeconds(10)), (((BoundedMailbox)options.DefaultMailbox!).Capacity, ((BoundedMailbox)options.DefaultMailbox).PushTimeOut));
    }

    [Theory]
    [InlineData("akka.loglevel = LOUD", "LOUD")]
    [InlineData("akka.actor.guardian-supervisor-strategy = Mine", "Mine")]
    [InlineData("akka.actor.default-mailbox.mailbox-type = Mine", "Mine")]
    public void A_value_that_a_key_cannot_have_is_refused_by_name(string hocon, string value) => Assert.Contains(
        value, Assert.Throws<ConfigurationException>(() => ActorSystem.Create("wrong", ConfigurationFactory.ParseString(hocon))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Mailboxes_and_dispatchers_that_are_not_there_are_refused_at_ActorOf()
    {
        foreach (var mailbox in (string[])["unknown", "strange", "wrong"])
        {
            var refused = Assert.Throws<ConfigurationException>(() => Sys.ActorOf(Props.Empty.WithMailbox(mailbox)));
            Assert.Contains(mailbox, refused.Message, StringComparison.Ordinal);
        }

        foreach (var dispatcher in (string[])["unknown", "my-fork-join", "my-lazy"])
        {
            var refused = Assert.Throws<ConfigurationException>(() => Sys.ActorOf(Props.Empty.WithDispatcher(dispatcher), "taken"));
            Assert.Contains(dispatcher, refused.Message, StringComparison.Ordinal);
        }

        // A name whose actor could not be made is free.
        Assert.Equal("taken", Sys.ActorOf(Props.Empty.WithMailbox("plain"), "taken").Path.Name);
    }

    [Fact]
    public async Task A_bounded_mailbox_of_the_configuration_refuses_what_does_not_fit()
    {
        var inbox = Inbox(out var mail);
        var letters = Inbox(out var lost);
        using var gate = new SemaphoreSlim(0);
        var actor = Sys.ActorOf(Props.Create(() => new Blocking(gate, inbox)).WithMailbox("bounded"));
        actor.Tell("block");
        await mail.Next("entered");
        Sys.EventStream.Subscribe(letters, typeof(DeadLetter));
        actor.Tell(1);
        actor.Tell(2);
        Assert.Equal((2, actor), ((await lost.Next<DeadLetter>()) is { } letter ? (letter.Message, letter.Recipient) : default));

        // What ends an actor overtakes a full user lane.
        Sys.Stop(actor);
        var ended = actor.WatchAsync(TestContext.Current.CancellationToken);
        gate.Release();
        Assert.True(await ended.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(1, (await lost.Next<DeadLetter>()).Message);
        await mail.None(inbox);
    }

    [Fact]
    public async Task Dispatchers_of_the_configuration_run_their_actors()
    {
        var inbox = Inbox(out var mail);
        using var gate = new SemaphoreSlim(0);
        var blocking = Props.Create(() => new Blocking(gate, inbox));
        Sys.ActorOf(blocking.WithDispatcher("my-dispatcher")).Tell(1);
        await mail.Next("1 True");
        Sys.ActorOf(blocking.WithDispatcher("my-pinned")).Tell(2);
        await mail.Next("2 False");
        Sys.ActorOf(blocking.WithDispatcher("akka.actor.pinned-dispatcher")).Tell(3);
        await mail.Next("3 False");

        // The mailbox that the dispatcher's section names is the one of its actors.
        Assert.Equal(1, Assert.IsType<BoundedMailbox>(Sys.Mailboxes.Lookup("my-pinned")).Capacity);
        var letters = Inbox(out var lost);
        Sys.EventStream.Subscribe(letters, typeof(DeadLetter));
        var full = Sys.ActorOf(blocking.WithDispatcher("my-pinned"));
        full.Tell("block");
        await mail.Next("entered");
        full.Tell(4);
        full.Tell(5);
        Assert.Equal(5, (await lost.Next<DeadLetter>()).Message);
        gate.Release();
        await mail.Next("4 False");
    }

    [Fact]
    public async Task A_priority_mailbox_is_written_as_in_Akka_and_registered()
    {
        Sys.Mailboxes.Register("ranked", new Ranked(Sys.Settings, Sys.Settings.Config));
        var inbox = Inbox(out var mail);
        using var gate = new SemaphoreSlim(0);
        var actor = Sys.ActorOf(Props.Create(() => new Blocking(gate, inbox)).WithMailbox("ranked").WithDispatcher("pinned"));
        actor.Tell("block");
        await mail.Next("entered");
        foreach (var n in (int[])[3, 1, 2]) actor.Tell(n);
        gate.Release();
        await mail.Next("1 False", "2 False", "3 False");
    }

    [Fact]
    public async Task What_the_kernel_does_is_logged_where_it_is_asked_for()
    {
        var inbox = Inbox(out var mail);
        Sys.EventStream.Subscribe(inbox, typeof(Debug));
        var actor = Sys.ActorOf(Props.Empty, "traced");
        actor.Tell("strange");
        actor.Tell(PoisonPill.Instance);
        var said = new List<string>();
        while (!said.Contains("stopped"))
        {
            if (await mail.Next<Debug>() is var debug && debug.LogSource.EndsWith("/traced", StringComparison.Ordinal)) said.Add(debug.Message.ToString()!);
        }

        Assert.Equal("started", said[0]);
        Assert.Contains("strange", said[1], StringComparison.Ordinal);
        Assert.Contains("PoisonPill", said[2], StringComparison.Ordinal);
        Assert.Equal(4, said.Count);
    }
}
