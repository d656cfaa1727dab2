using Picket.Actors;
using Picket.Actors.Pattern;

namespace Picket.Spec.Kernel.Surface;

/// <summary>Strategies, deciders, back-off, and the exceptions that they meet.</summary>
public sealed class SupervisionSurfaceSpec : SurfaceSpec
{
    private sealed class Child : UntypedActor
    {
        private int _state;

        protected override void OnReceive(object message)
        {
            if (message is Exception e) throw e;
            if (message is int) _state++;
            Sender.Tell(_state);
        }
    }

    private sealed class Parent : UntypedActor
    {
        private readonly SupervisorStrategy _strategy;

        public Parent(SupervisorStrategy strategy) => _strategy = strategy;

        protected override SupervisorStrategy SupervisorStrategy() => _strategy;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Props props:
                    Sender.Tell(Context.Watch(Context.ActorOf(props)));
                    break;
                case Terminated terminated:
                    Context.System.EventStream.Publish(terminated.ActorRef);
                    break;
            }
        }
    }

    private static readonly Func<SupervisorStrategy>[] s_resuming =
    [
        () => new OneForOneStrategy(_ => Directive.Resume),
        () => new OneForOneStrategy(_ => Directive.Resume, loggingEnabled: false),
        () => new OneForOneStrategy(Decider.From(Directive.Resume)),
        () => new OneForOneStrategy(3, TimeSpan.FromMinutes(1), _ => Directive.Resume),
        () => new OneForOneStrategy(null, null, Decider.From(_ => Directive.Resume)),
        () => new OneForOneStrategy(maxNrOfRetries: 3, withinTimeMilliseconds: 1000, localOnlyDecider: _ => Directive.Resume, loggingEnabled: false),
        () => new OneForOneStrategy(3, 1000, Decider.From(Directive.Stop, Directive.Resume.When<InvalidOperationException>()), false),
        () => new AllForOneStrategy(_ => Directive.Resume),
        () => new AllForOneStrategy(new LocalOnlyDecider(_ => Directive.Resume)),
        () => new AllForOneStrategy(maxNrOfRetries: 3, withinTimeRange: TimeSpan.FromMinutes(1), localOnlyDecider: _ => Directive.Resume),
        () => new AllForOneStrategy(null, null, new DeployableDecider(Directive.Stop, Directive.Resume.When<Exception>())),
        () => new AllForOneStrategy(3, 1000, _ => Directive.Resume),
        () => new AllForOneStrategy(3, 1000, Decider.From(Directive.Resume, new List<KeyValuePair<Type, Directive>>()), true),
    ];

    public static TheoryData<int> Resuming => [.. Enumerable.Range(0, s_resuming.Length)];

    [Theory]
    [MemberData(nameof(Resuming))]
    public async Task A_strategy_of_every_form_decides(int form)
    {
        var made = s_resuming[form]();
        var parent = Sys.ActorOf(Props.Create(() => new Parent(made)));
        var child = await parent.Ask<IActorRef>(Props.Create<Child>(), Patience);
        Assert.Equal(1, await child.Ask<int>(1, Patience));
        child.Tell(new InvalidOperationException("resumed"));
        Assert.Equal(2, await child.Ask<int>(1, Patience));
    }

    [Fact]
    public async Task The_default_decider_stops_what_cannot_live_and_restarts_the_rest()
    {
        var inbox = Inbox(out var mail);
        Sys.EventStream.Subscribe<IActorRef>(inbox);
        var parent = Sys.ActorOf(Props.Create(() => new Parent(SupervisorStrategy.DefaultStrategy)));
        var child = await parent.Ask<IActorRef>(Props.Create(() => new Child()), Patience);
        await child.Ask<int>(1, Patience);
        child.Tell(new InvalidOperationException("restarted"));
        Assert.Equal(1, await child.Ask<int>(1, Patience));
        child.Tell(Kill.Instance);
        await mail.Next(child);
        foreach (var (cause, directive) in new (Exception, Directive)[]
        {
            (new ActorInitializationException("m"), Directive.Stop), (new ActorKilledException("m"), Directive.Stop),
            (new DeathPactException(child), Directive.Stop), (new InvalidOperationException(), Directive.Restart),
        })
        {
            Assert.Equal(directive, SupervisorStrategy.DefaultDecider.Decide(cause));
        }

        Assert.Equal(Directive.Stop, SupervisorStrategy.StoppingStrategy.Decider.Decide(new InvalidOperationException()));
    }

    [Fact]
    public async Task Back_off_supervisors_tell_of_their_child()
    {
        var options = Backoff.OnStop(Props.Create<Child>(), "child", TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5), 0.2, 10)
            .WithManualReset()
            .WithReplyWhileStopped("waiting")
            .WithMaxNrOfRetries(20)
            .WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop))
            .WithDefaultStoppingStrategy();
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(options), "backoff");
        var first = (await supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Patience)).Ref;
        Assert.Equal("child", first.Path.Name);
        supervisor.Tell(new InvalidOperationException("stop"));
        Assert.True(await first.WatchAsync(TestContext.Current.CancellationToken));
        BackoffSupervisor.RestartCount count;
        do
        {
            count = await supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance, Patience);
        }
        while (count.Count == 0);
        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        Assert.Equal(0, (await supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance, Patience)).Count);
        var other = Backoff.OnFailure(Props.Create<Child>(), "c", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 0, -1)
            .WithAutoReset(TimeSpan.FromSeconds(1)).WithFinalStopMessage(m => m is string);
        Assert.NotNull(BackoffSupervisor.Props(other));
        Assert.NotNull(BackoffSupervisor.Props(Props.Create<Child>(), "c", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 0, 3));
    }
}
