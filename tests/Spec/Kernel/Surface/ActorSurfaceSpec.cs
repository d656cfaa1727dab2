using Picket.Actors;

namespace Picket.Spec.Kernel.Surface;

/// <summary>ActorBase, UntypedActor, ReceiveActor, Props and the context.</summary>
public sealed class ActorSurfaceSpec : SurfaceSpec
{
    private sealed class Plain : ActorBase
    {
        private readonly List<string> _log = [];

        public override void AroundPreStart()
        {
            _log.Add("around");
            base.AroundPreStart();
        }

        protected override void PreStart() => _log.Add("start");

        protected override bool AroundReceive(Receive receive, object message)
        {
            if (message is string) _log.Add("receive");
            return base.AroundReceive(receive, message);
        }

        protected override void PreRestart(Exception reason, object message)
        {
            Assert.IsType<InvalidOperationException>(reason);
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            base.PostRestart(reason);
            _log.Add("restarted");
        }

        protected override void PostStop() => _log.Add("stop");

        protected override bool Receive(object message)
        {
            switch (message)
            {
                case "log":
                    Sender.Tell(string.Join(' ', _log));
                    return true;
                case "become":
                    Become(m =>
                    {
                        if (!m.Equals("swapped?")) return false;
                        Context.Sender.Tell(true, Self);
                        return true;
                    });
                    return true;
                case "fail":
                    throw new InvalidOperationException("asked to");
                default:
                    return false;
            }
        }
    }

    private sealed class Switch : UntypedActor
    {
        private int _count;

        protected override SupervisorStrategy SupervisorStrategy() => Actors.SupervisorStrategy.StoppingStrategy;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "on":
                    BecomeStacked(On);
                    break;
                case "context":
                    IUntypedActorContext context = Context;
                    context.Become(On);
                    break;
                case "task":
                    RunTask(async () =>
                    {
                        await Task.Yield();
                        _count++;
                        Sender.Tell(_count);
                    });
                    break;
                case "action":
                    RunTask(() => { _count++; });
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }

        private void On(object message)
        {
            if (message is "off") UnbecomeStacked();
            else Sender.Tell($"on:{message}");
        }
    }

    private sealed class Every : ReceiveActor
    {
        private readonly string _name;

        public Every(string name, int? number, IActorRef? nobody)
        {
            _name = name;
            Receive<int>(n => Sender.Tell($"int {n}"), n => n < 10);
            Receive<int>(n => n < 20, n => Sender.Tell($"teen {n}"));
            Receive<long>(n =>
            {
                if (n < 0) return false;
                Sender.Tell($"long {n}");
                return true;
            });
            Receive(typeof(double), d => Sender.Tell($"double {d}"));
            Receive(typeof(Guid), g => g.Equals(Guid.Empty), _ => Sender.Tell("empty"));
            Receive(typeof(Guid), g => Sender.Tell("guid"), g => !g.Equals(Guid.Empty));
            Receive(typeof(byte), b => (byte)b > 9);
            ReceiveAsync<string>(
                async s =>
                {
                    await Task.Yield();
                    Sender.Tell($"{_name} {number} {nobody.IsNobody()} {s}");
                },
                s => s.Length == 1);
            ReceiveAsync<string>(s => s == "become", s =>
            {
                Become(Later);
                return Task.CompletedTask;
            });
            ReceiveAsync(typeof(char), c => Answer($"char {c}"));
            ReceiveAsync(typeof(bool), b => (bool)b, b => Answer("true"));
            ReceiveAnyAsync(any => Answer($"any {any}"));
        }

        private static Task Answer(string text)
        {
            Context.Sender.Tell(text);
            return Task.CompletedTask;
        }

        private void Later()
        {
            ReceiveAsync<string>(async s =>
            {
                await Task.Yield();
                Sender.Tell($"later {s}");
                if (s == "back") BecomeStacked(() => ReceiveAny(o => Sender.Tell($"stacked {o}")));
            });
        }
    }

    private sealed class Late : ReceiveActor
    {
        public Late()
        {
            Receive<string>(_ =>
            {
                try
                {
                    Receive<int>(_ => { });
                }
                catch (InvalidOperationException e)
                {
                    Sender.Tell(e);
                }
            });
        }
    }

    private sealed class Family : ReceiveActor
    {
        public Family()
        {
            var parent = Context.Parent;
            var self = Context.Self;
            Receive<string>(name =>
            {
                var child = Context.ActorOf(Props.Create<Plain>(), name);
                Context.Watch(child);
                var other = Context.ActorOf<Plain>(name + "2");
                Context.WatchWith(other, "gone");
                Context.Unwatch(other);
                Context.SetReceiveTimeout(TimeSpan.FromMinutes(1));
                Assert.Equal(TimeSpan.FromMinutes(1), Context.ReceiveTimeout);
                SetReceiveTimeout(null);
                Assert.Equal(child, Context.Child(name));
                Assert.True(Context.Child("nobody").IsNobody());
                Assert.Equal(2, Context.GetChildren().Count());
                Assert.Equal(self, Self);
                Assert.Equal("user", parent.Path.Name);
                Assert.Equal(typeof(Family), Context.Props.Type);
                Context.ActorSelection(name).Tell("log", Sender);
                Context.System.ActorSelection(child.Path).Tell("log", Sender);
            });
            IActorRef? asker = null;
            Receive<char>(_ =>
            {
                asker = Sender;
                foreach (var child in Context.GetChildren()) Context.Stop(child);
            });
            Receive<Terminated>(t => asker!.Tell(t.ExistenceConfirmed ? t.ActorRef.Path.Name : "?"));
        }
    }

    private sealed class Producer : IIndirectActorProducer
    {
        public int Released;

        public Type ActorType => typeof(Plain);

        public ActorBase Produce() => new Plain();

        public void Release(ActorBase actor) => Interlocked.Increment(ref Released);
    }

    [Fact]
    public async Task An_actor_of_the_plainest_kind_has_its_hooks()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Plain()), "plain");
        Assert.Equal("around start receive", await actor.Ask<string>("log", Patience));
        actor.Tell("fail");
        Assert.Equal("start restarted receive", await actor.Ask<string>("log", Patience));
        actor.Tell("become");
        Assert.True(await actor.Ask<bool>("swapped?", Patience));
    }

    [Fact]
    public async Task An_untyped_actor_switches_and_runs_tasks()
    {
        var actor = Sys.ActorOf<Switch>();
        actor.Tell("on");
        Assert.Equal("on:x", await actor.Ask("x"));
        actor.Tell("off");
        actor.Tell("action");
        Assert.Equal(2, await actor.Ask<int>("task", Patience));
        actor.Tell("context");
        Assert.Equal("on:y", await actor.Ask<string>("y", Patience));
    }

    [Fact]
    public async Task A_receive_actor_takes_every_form_of_handler()
    {
        var actor = Sys.ActorOf(Props.Create<Every>("name", null, ActorRefs.Nobody));
        foreach (var (told, answer) in new (object, string)[]
        {
            (1, "int 1"), (11, "teen 11"), (21, "any 21"), (1L, "long 1"), (-1L, "any -1"), (1.5, "double 1.5"), (Guid.Empty, "empty"),
            (new Guid(1, 2, 3, new byte[8]), "guid"), ((byte)1, "any 1"), ("s", "name  True s"), ("text", "any text"), ('c', "char c"),
            (true, "true"), (false, "any False"),
        })
        {
            Assert.Equal(answer, await actor.Ask<string>(told, Patience));
        }

        actor.Tell("become");
        Assert.Equal("later s", await actor.Ask<string>("s", Patience));
        Assert.Equal("later back", await actor.Ask<string>("back", Patience));
        Assert.Equal("stacked 7", await actor.Ask<string>(7, Patience));
    }

    [Fact]
    public async Task Handlers_are_declared_in_the_constructor_and_in_Become_only() =>
        Assert.NotNull(await Sys.ActorOf<Late>().Ask<InvalidOperationException>("try", Patience));

    [Fact]
    public async Task The_context_makes_finds_watches_and_stops_children()
    {
        var inbox = Inbox(out var mail);
        var family = Sys.ActorOf(Props.Create<Family>(), "family");
        family.Tell("child", inbox);
        await mail.Next("around start receive", "around start receive receive");
        family.Tell('s', inbox);
        await mail.Next("child");
    }

    [Fact]
    public async Task Props_come_in_every_form()
    {
        var name = "closure";
        var producer = new Producer();
        Props[] all =
        [
            Props.Create(() => new Every(name, 1, null)),
            Props.Create(() => new Every(name.ToUpperInvariant(), null, ActorRefs.Nobody), new OneForOneStrategy(_ => Directive.Stop)),
            Props.Create<Every>("args", 1, null),
            Props.Create(typeof(Every), "type", null, null),
            Props.CreateFrom(() => new Every("factory", null, null)),
            Props.Create(() => new Every("with", null, null)).WithDispatcher("akka.actor.default-dispatcher").WithStashCapacity(3)
                .WithMailbox("akka.actor.default-mailbox").WithSupervisorStrategy(SupervisorStrategy.DefaultStrategy),
        ];
        foreach (var props in all)
        {
            Assert.Equal(typeof(Every), props.Type);
            Assert.EndsWith(" s", await Sys.ActorOf(props).Ask<string>("s", Patience), StringComparison.Ordinal);
        }

        Assert.Equal("akka.actor.default-dispatcher", all[^1].Dispatcher);
        Assert.Equal("akka.actor.default-mailbox", all[^1].Mailbox);
        Assert.Same(SupervisorStrategy.DefaultStrategy, all[^1].SupervisorStrategy);
        Assert.NotNull(Props.Create<Switch>(SupervisorStrategy.StoppingStrategy).SupervisorStrategy);
        var produced = Sys.ActorOf(Props.CreateBy(producer));
        Assert.True(await produced.GracefulStop(Patience));
        Assert.Equal(1, producer.Released);
        Assert.True(await Sys.ActorOf(Props.Empty).GracefulStop(Patience));
        Assert.Throws<ArgumentException>(() => Props.Create(() => Make()));
        Assert.Throws<ArgumentException>(() => Props.Create(typeof(string)));
    }

    private static Plain Make() => new();
}
