using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel;

public sealed class BehaviourSpec : KernelSpec
{
    [Fact]
    public void Handlers_are_asked_in_order_and_predicates_decide()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new Ordered(probe.Ref));
        foreach (var message in new object[] { 1, 50, 200, "a", 2.5, 'c', 7L, new DerivedMessage() }) actor.Tell(message);
        probe.Expect("small 1");
        probe.Expect("func 50");
        probe.Expect("int 200");
        probe.Expect("string a");
        probe.Expect("type 2.5");
        probe.Expect("any c");
        probe.Expect("any 7");
        probe.Expect("base");
    }

    [Fact]
    public void Nothing_can_follow_ReceiveAny()
    {
        var probe = NewProbe();
        var error = Listen<Error>();
        Spawn(() => new AfterAny());
        Assert.IsType<InvalidOperationException>(error.Expect<Error>().Cause!.InnerException);
    }

    [Fact]
    public void Become_replaces_BecomeStacked_stacks_and_a_restart_begins_anew()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new Changes(probe.Ref));
        foreach (var message in new[] { "x", "stack", "x", "unstack", "x", "become", "x", "unstack", "x", "become", "boom", "x" }) actor.Tell(message);
        probe.Expect("first x");
        probe.Expect("stacked x");
        probe.Expect("first x");
        probe.Expect("other x");
        probe.Expect("first x");
        probe.Expect("first x");
    }

    [Fact]
    public void Props_make_actors_by_expression_arguments_and_factory()
    {
        var probe = NewProbe();
        var made = 0;
        var argument = "arg";
        var byExpression = Props.Create(() => new Said(probe.Ref, argument + made, 1));
        made++;
        Sys.ActorOf(byExpression).Tell("x");
        probe.Expect("arg0 1 x");
        Sys.ActorOf(Props.Create<Said>(probe.Ref, "two", 2)).Tell("x");
        probe.Expect("two 2 x");
        var type = typeof(Said);
        Sys.ActorOf(Props.Create(type, probe.Ref, "three", 3)).Tell("x");
        probe.Expect("three 3 x");
        Sys.ActorOf(Props.CreateFrom(() => new Said(probe.Ref, "four", made))).Tell("x");
        probe.Expect("four 1 x");
        Assert.Throws<ArgumentException>(() => Props.Create(() => Make(probe.Ref)));
        Assert.Throws<ArgumentException>(() => Props.Create(typeof(string)));
        Assert.Equal(typeof(Said), byExpression.Type);
    }

    [Fact]
    public void AroundReceive_sees_every_message()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new Around(probe.Ref));
        actor.Tell(1);
        probe.Expect("around 1");
        probe.Expect(1);
    }

    [Fact]
    public void Forward_keeps_the_sender()
    {
        var probe = NewProbe();
        var echo = Spawn(() => new Echo());
        var router = Spawn(() => new Router(echo));
        router.Tell("x", probe.Ref);
        probe.Expect("x");
        Assert.Equal(echo, probe.LastSender);
    }

    private static Said Make(IActorRef to) => new(to, "", 0);

    private class BaseMessage;

    private sealed class DerivedMessage : BaseMessage;

    private sealed class Ordered : ReceiveActor
    {
        public Ordered(IActorRef to)
        {
            Receive<int>(i => to.Tell($"small {i}"), i => i < 10);
            Receive<int>(i =>
            {
                if (i > 100) return false;
                to.Tell($"func {i}");
                return true;
            });
            Receive<int>(i => i > 0, i => to.Tell($"int {i}"));
            Receive<string>(s => to.Tell($"string {s}"));
            Receive(typeof(double), d => to.Tell(FormattableString.Invariant($"type {d}")));
            Receive<BaseMessage>(_ => to.Tell("base"));
            ReceiveAny(o => to.Tell($"any {o}"));
        }
    }

    private sealed class AfterAny : ReceiveActor
    {
        public AfterAny()
        {
            ReceiveAny(_ => { });
            Receive<int>(_ => { });
        }
    }

    private sealed class Changes : ReceiveActor
    {
        public Changes(IActorRef to)
        {
            Handlers("first", to);
        }

        private void Handlers(string name, IActorRef to)
        {
            Receive<string>(s => s == "x", s => to.Tell($"{name} {s}"));
            Receive<string>(s => s == "stack", _ => BecomeStacked(() => Handlers("stacked", to)));
            Receive<string>(s => s == "become", _ => Become(() => Handlers("other", to)));
            Receive<string>(s => s == "unstack", _ => UnbecomeStacked());
            Receive<string>(s => s == "boom", _ => throw new InvalidOperationException("boom"));
        }
    }

    private sealed class Said(IActorRef to, string name, int number) : UntypedActor
    {
        protected override void OnReceive(object message) => to.Tell($"{name} {number} {message}");
    }

    private sealed class Around(IActorRef to) : UntypedActor
    {
        protected override bool AroundReceive(Receive receive, object message)
        {
            to.Tell($"around {message}");
            return base.AroundReceive(receive, message);
        }

        protected override void OnReceive(object message) => to.Tell(message);
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    private sealed class Router(IActorRef to) : UntypedActor
    {
        protected override void OnReceive(object message) => to.Forward(message);
    }
}
