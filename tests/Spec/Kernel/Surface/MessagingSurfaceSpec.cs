using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel.Surface;

/// <summary>Refs, paths, selections, stashes, the event stream, dead letters and logging.</summary>
public sealed class MessagingSurfaceSpec() : SurfaceSpec("akka.loglevel = DEBUG")
{
    private sealed class Opening : UntypedActor, IWithUnboundedStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            if (message is "open")
            {
                Assert.True(Stash.NonEmpty);
                Assert.Equal(-1, Stash.Capacity);
                Stash.Unstash();
                Stash.UnstashAll(e => e.Message is not "dropped");
                Assert.Single(Stash.ClearStash(), e => e.Message is "dropped");
                Stash.Prepend([new Envelope("prepended", Sender)]);
                Stash.UnstashAll();
                Assert.True(Stash.IsEmpty);
                Become((UntypedReceive)(m => Sender.Tell(m)));
            }
            else
            {
                Stash.Stash();
            }
        }
    }

    private sealed class Small : ReceiveActor, IWithBoundedStash
    {
        public Small() => Receive<int>(_ =>
        {
            try
            {
                Stash.Stash();
                if (Stash is { IsFull: true, Count: 1 }) Sender.Tell(Stash.Capacity);
            }
            catch (StashOverflowException e)
            {
                Sender.Tell(e.Message);
            }
        });

        public IStash Stash { get; set; } = null!;
    }

    private sealed class Talker : ReceiveActor
    {
        private readonly ILoggingAdapter _log = Context.GetLogger();

        public Talker()
        {
            Receive<Exception>(e => _log.Error(e, "failed with {0}", 1));
            Receive<string>(s =>
            {
                _log.Debug("debug {0} {1}", s, 1);
                _log.Info("info");
                _log.Warning("warning {0}", s);
                _log.Log(LogLevel.ErrorLevel, null, "error {0}", s);
                _log.Info("a hole that {Names}", s);
                Assert.True(_log is { IsDebugEnabled: true, IsInfoEnabled: true, IsWarningEnabled: true, IsErrorEnabled: true });
            });
        }
    }

    [Fact]
    public async Task Stashes_hold_and_give_back()
    {
        var inbox = Inbox(out var mail);
        var opening = Sys.ActorOf(Props.Create<Opening>());
        foreach (var text in (string[])["a", "dropped", "b", "open"]) opening.Tell(text, inbox);
        await mail.Next("prepended", "b", "a");
        var small = Sys.ActorOf(Props.Create<Small>().WithStashCapacity(1));
        Assert.Equal(1, await small.Ask<int>(1, Patience));
        Assert.NotEmpty(await small.Ask<string>(2, Patience));
    }

    [Fact]
    public async Task Refs_are_told_forwarded_compared_and_nobody()
    {
        var inbox = Inbox(out var mail);
        inbox.Tell("implicit");
        inbox.Tell("explicit", ActorRefs.NoSender);
        inbox.Forward("forwarded");
        await mail.Next("implicit", "explicit", "forwarded");
        var other = Inbox(out _);
        Assert.NotEqual(inbox, other);
        Assert.Equal(0, inbox.CompareTo(inbox));
        Assert.NotEqual(0, inbox.CompareTo((object)other));
        Assert.True(ActorRefs.Nobody.IsNobody());
        Assert.True(((IActorRef?)null).IsNobody());
        Assert.Equal(other, ActorRefs.Nobody.GetOrElse(() => other));
        Sys.IgnoreRef.Tell("nothing comes of it");
        Assert.Throws<InvalidMessageException>(() => inbox.Tell(null!));
    }

    [Fact]
    public async Task Paths_and_addresses_are_read_built_and_compared()
    {
        var actor = Sys.ActorOf(Props.Empty, "named");
        var path = new RootActorPath(new Address("akka", "surface")) / "user" / "named";
        Assert.Equal(path, actor.Path);
        Assert.Equal(path, ActorPath.Parse("akka://surface/user/named"));
        Assert.Equal(path, path.Root / (string[])["user", "named"]);
        Assert.Equal(path, path.Parent.Child("named"));
        Assert.Equal((string[])["user", "named"], path.Elements);
        Assert.True(ActorPath.TryParse("akka.tcp://other@host:4053/user/named#17", out var remote));
        Assert.Equal(17, remote.Uid);
        Assert.Equal(remote.WithUid(0), remote.Root / "user" / "named#3");
        Assert.Equal(3, (remote.Root / "user" / "named#3").Uid);
        Assert.Equal("akka.tcp://other@host:4053/user/named#17", remote.ToStringWithUid());
        Assert.Equal("akka.tcp://other@host:4053/user/named", remote.ToStringWithAddress());
        Assert.Equal("akka.tcp://other@host:4053/user/named", path.ToStringWithAddress(remote.Address));
        Assert.Equal("/user/named", path.ToStringWithoutAddress());
        Assert.Equal("other@host:4053", remote.Address.HostPort());
        Assert.Equal(remote.Address, Address.Parse("akka.tcp://other@host:4053"));
        Assert.True(Address.TryParse("akka.tcp://other@host:4053", out var address) && address.HasGlobalScope);
        Assert.False(Address.TryParse("nothing", out _));
        Assert.True(path != remote && !ActorPath.TryParse("user/named", out _));
        Assert.Throws<UriFormatException>(() => ActorPath.Parse("user/named"));
        Assert.True(ActorPath.IsValidPathElement("named") && !ActorPath.IsValidPathElement("$a") && !ActorPath.IsValidPathElement("a/b"));

        // From the last name to the first; a root comes after what is below one.
        Assert.True((path.Root / "b" / "a").CompareTo(path.Root / "a" / "b") < 0);
        Assert.True(path.Root.CompareTo(path) > 0 && path.CompareTo(path.Root) < 0);
        await actor.GracefulStop(Patience);
    }

    [Fact]
    public async Task Selections_reach_one_many_and_all_below()
    {
        var inbox = Inbox(out var mail);
        Sys.ActorOf(Props.Create(() => new Node(inbox, 2)), "top");
        var top = await Sys.ActorSelection("/user/top").ResolveOne(Patience);
        Assert.Equal(top, await Sys.ActorSelection(top.Path).ResolveOne(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(["a", "a", "a", "b", "b", "b", "top"], (await Take(mail, 7)).Order());
        Sys.ActorSelection("/user/top/a/b").Tell("one");
        await mail.Next("b:one");
        Sys.ActorSelection("/user/top/?").Tell("many", inbox);
        Assert.Equal(["a:many", "b:many"], (await Take(mail, 2)).Order());
        Sys.ActorSelection("/user/top/**").Tell("all");
        Assert.Equal(["a:all", "a:all", "a:all", "b:all", "b:all", "b:all"], (await Take(mail, 6)).Order());
        Assert.Throws<ArgumentException>(() => Sys.ActorSelection("/user/**/a"));
        Assert.Equal(Sys.ActorSelection("/user/x"), Sys.ActorSelection("/user/x"));
        Assert.NotEqual(Sys.ActorSelection("/user/x"), Sys.ActorSelection("/user/y"));
        Assert.Equal("/user/x", Sys.ActorSelection("/user/x").PathString);
        foreach (var nobody in (string[])["/user/none", "akka.tcp://other@host:1/user/top"])
        {
            await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection(nobody).ResolveOne(Patience));
        }

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/top").ResolveOne(Patience, cancelled.Token));
        var identity = await top.Ask<ActorIdentity>(new Identify("id"), Patience);
        Assert.Equal(("id", top), (identity.MessageId, identity.Subject));
    }

    [Fact]
    public async Task Remote_looking_refs_are_watched_and_end_at_once()
    {
        var inbox = Inbox(out var mail);
        Sys.EventStream.Subscribe(inbox, typeof(DeadLetter));
        var selection = Sys.ActorSelection("akka.tcp://other@host:4053/user/a");
        selection.Tell("lost");
        var letter = await mail.Next<DeadLetter>();
        Assert.Equal("lost", letter.Message);
        inbox.Tell(new Collector.Watch(letter.Recipient));
        var terminated = await mail.Next<Terminated>();
        Assert.Equal((letter.Recipient, false, false), (terminated.ActorRef, terminated.ExistenceConfirmed, terminated.AddressTerminated));
    }

    [Fact]
    public async Task The_event_stream_carries_letters_and_what_actors_publish()
    {
        var inbox = Inbox(out var mail);
        Assert.True(Sys.EventStream.Subscribe(inbox, typeof(AllDeadLetters)));
        Assert.False(Sys.EventStream.Subscribe(inbox, typeof(AllDeadLetters)));
        Sys.DeadLetters.Tell("dead");
        Sys.DeadLetters.Tell(PoisonPill.Instance);
        Sys.DeadLetters.Tell(new Dropped("full", "no room", inbox));
        Sys.ActorOf(Props.Empty).Tell("unhandled");
        Assert.Equal("dead", (await mail.Next<DeadLetter>()).Message);
        Assert.Equal(PoisonPill.Instance, (await mail.Next<SuppressedDeadLetter>()).Message);
        var dropped = await mail.Next<Dropped>();
        Assert.Equal(("full", "no room", inbox), (dropped.Message, dropped.Reason, dropped.Recipient));
        Assert.Equal("unhandled", (await mail.Next<UnhandledMessage>()).Message);
        Assert.True(Sys.EventStream.Unsubscribe(inbox, typeof(AllDeadLetters)));
        Assert.False(Sys.EventStream.Unsubscribe(inbox, typeof(AllDeadLetters)));
        Assert.True(Sys.EventStream.Subscribe<string>(inbox));
        Sys.EventStream.Publish("published");
        await mail.Next("published");
        Assert.True(Sys.EventStream.Unsubscribe<string>(inbox));
        Sys.EventStream.Subscribe<int>(inbox);
        Assert.True(Sys.EventStream.Unsubscribe(inbox));
        Sys.EventStream.Publish(1);
        await mail.None(inbox);
    }

    [Fact]
    public async Task Loggers_say_things_at_their_level_and_source()
    {
        var inbox = Inbox(out var mail);
        Sys.EventStream.Subscribe(inbox, typeof(LogEvent));
        var talker = Sys.ActorOf<Talker>("talker");
        talker.Tell("x");
        talker.Tell(new InvalidOperationException("cause"));
        Assert.Equal("debug x 1", (await mail.Next<Debug>()).Message.ToString());
        Assert.Equal("info", (await mail.Next<Info>()).Message);
        Assert.Equal(LogLevel.WarningLevel, (await mail.Next<Warning>()).LogLevel());
        Assert.Equal("error x", (await mail.Next<Error>()).Message);
        Assert.Equal("a hole that {Names} [x]", (await mail.Next<Info>()).Message);
        var error = await mail.Next<Error>();
        Assert.Equal("cause", error.Cause.Message);
        Assert.Equal((talker.Path.ToString(), typeof(Talker)), (error.LogSource, error.LogClass));
        Assert.Equal(DateTimeKind.Utc, error.Timestamp.Kind);
        Sys.Log.Info("system {0}", 1);
        Assert.Equal("system 1", (await mail.Next<Info>()).Message);
        Logging.GetLogger(Sys, this).Warning("mine");
        Assert.Equal(nameof(MessagingSurfaceSpec), (await mail.Next<Warning>()).LogSource);
        Sys.EventStream.Publish(new Info("source", typeof(string), "by hand"));
        Assert.Equal("source", (await mail.Next<Info>()).LogSource);
    }

    private static async Task<string[]> Take(Mail mail, int count)
    {
        var taken = new string[count];
        for (var i = 0; i < count; i++) taken[i] = await mail.Next<string>();
        return taken;
    }

    private sealed class Node : ReceiveActor
    {
        public Node(IActorRef to, int depth)
        {
            to.Tell(Self.Path.Name);
            if (depth > 0)
            {
                Context.ActorOf(Props.Create(() => new Node(to, depth - 1)), "a");
                Context.ActorOf(Props.Create(() => new Node(to, depth - 1)), "b");
            }

            Receive<string>(s => to.Tell($"{Self.Path.Name}:{s}"));
        }
    }
}
