using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel.Model;

/// <summary>The same script played by the kernel, one turn after the other in an order of chance.</summary>
internal sealed class Troupe : IDisposable
{
    private readonly StepDispatcher _steps;
    private readonly ManualTime _time = new();
    private readonly Dictionary<string, IActorRef> _refs = [];
    private readonly List<string> _all = [];
    private readonly Dictionary<IActorRef, string> _ids = [];
    private readonly Dictionary<string, Memory> _memory = [];
    private Trap? _trap;

    public Troupe(Plan guardian, int seed)
    {
        _steps = new StepDispatcher(1 + (seed & 7), seed);
        System = ActorSystem.Create("troupe", new ActorSystemOptions
        {
            DefaultDispatcher = _steps,
            TimeProvider = _time,
            StandardErrorLevel = null,
            LogLevel = LogLevel.ErrorLevel,
            GuardianStrategy = StrategyOf(guardian),
        });
        System.EventStream.Subscribe<AllDeadLetters>(new Undertaker(this));
        _steps.Run();
    }

    public ActorSystem System { get; }

    public Trace Trace { get; } = new();

    /// <summary>Plays a step to its end. The living are the model's, which both sides count alike.</summary>
    public void Do(Act act, IReadOnlyList<string> living, IReadOnlyList<string> all)
    {
        _all.Clear();
        _all.AddRange(all);
        switch (act)
        {
            case Act.Top top:
                Know(System.ActorOf(PropsOf("", top.Plan, out var id)), id);
                break;
            case Act.Tell tell when living.Count > 0:
                foreach (var order in tell.Orders)
                {
                    object message = order is Order.Die ? Kill.Instance : order is Order.Poison ? PoisonPill.Instance : order;
                    _refs[living[tell.Actor % living.Count]].Tell(message, ActorRefs.NoSender);
                }

                break;
            case Act.Stop stop when living.Count > 0:
                System.Stop(_refs[living[stop.Actor % living.Count]]);
                break;
            case Act.Arm arm when living.Count > 0:
                _trap = new Trap(living[arm.Actor % living.Count], arm.Hook, arm.Kind, arm.After, arm.Times);
                break;
            case Act.Advance advance:
                _time.Advance(TimeSpan.FromSeconds(advance.Seconds));
                break;
        }

        _steps.Run();
    }

    public void Dispose()
    {
        System.Terminate();
        _steps.Run();
    }

    private static SupervisorStrategy StrategyOf(Plan plan)
    {
        var range = plan.Window == 0 ? (TimeSpan?)null : TimeSpan.FromSeconds(plan.Window);
        Directive Decide(Exception thrown) => plan.ByKind[Cause.Of(thrown)];
        return plan.AllForOne
            ? new AllForOneStrategy(plan.Retries, range, Decide)
            : new OneForOneStrategy(plan.Retries, range, Decide);
    }

    private Memory Remembers(string id) => _memory.TryGetValue(id, out var memory) ? memory : _memory[id] = new Memory();

    private Props PropsOf(string parentId, Plan plan, out string id)
    {
        var born = Remembers(parentId).Born;
        var number = born[plan.Name] = born.GetValueOrDefault(plan.Name) + 1;
        var child = id = $"{parentId}/{plan.Name}{number}";
        return Props.CreateFrom(() => new Player(this, child, plan));
    }

    private void Know(IActorRef made, string id)
    {
        _refs[id] = made;
        _ids[made] = id;
    }

    /// <summary>What belongs to a ref and not to an instance.</summary>
    private sealed class Memory
    {
        public int Instances { get; set; }

        public Dictionary<string, int> Born { get; } = [];

        public HashSet<IActorRef> Pacts { get; } = [];
    }

    private sealed class Undertaker(Troupe troupe) : ActorRefBase
    {
        public override ActorPath Path { get; } = new RootActorPath(troupe.System.Address) / "undertaker";

        public override void Tell(object message, IActorRef? sender)
        {
            if (message is not AllDeadLetters letter || message is UnhandledMessage) return;
            var order = letter.Message switch
            {
                Kill => new Order.Die(),
                PoisonPill => new Order.Poison(),
                _ => letter.Message as Order,
            };
            if (order is not null && troupe._ids.TryGetValue(letter.Recipient, out var id)) troupe.Trace.SayApart(id, $"dead {order}");
        }
    }

    private sealed class Player : UntypedActor
    {
        private readonly Troupe _troupe;
        private readonly string _id;
        private readonly Plan _plan;
        private readonly Memory _memory;
        private readonly int _instance;

        public Player(Troupe troupe, string id, Plan plan)
        {
            _troupe = troupe;
            _id = id;
            _plan = plan;
            _memory = troupe.Remembers(id);
            _instance = ++_memory.Instances;
            Run(Hook.Constructor, "");
        }

        protected override SupervisorStrategy SupervisorStrategy() => StrategyOf(_plan);

        protected override void PreStart()
        {
            Say("PreStart");
            foreach (var plan in _plan.Nursery) Bear(plan);
            _troupe._trap?.Spring(_id, Hook.PreStart);
        }

        protected override void PostStop() => Run(Hook.PostStop, "");

        protected override void PreRestart(Exception reason, object? message)
        {
            Run(Hook.PreRestart, $"({Cause.NameOf(Cause.Of(reason))})");
            if (!_plan.KeepsChildren) base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            Run(Hook.PostRestart, $"({Cause.NameOf(Cause.Of(reason))})");
            base.PostRestart(reason);
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Order.Note note:
                    Say($"{note}");
                    break;
                case Order.Throw thrown:
                    throw new Trouble(thrown.Kind);
                case Order.Leave:
                    Context.Stop(Self);
                    break;
                case Order.StopChild stop when Context.GetChildren().OrderBy(child => child.Path.Uid).ToList() is { Count: > 0 } children:
                    Context.Stop(children[stop.Child % children.Count]);
                    break;
                case Order.Bear bear when Context.Child(bear.Plan.Name).IsNobody():
                    Bear(bear.Plan);
                    break;
                case Order.Watch watch:
                    var subject = Subject(watch.Actor);
                    if (subject.Equals(Self)) break;
                    if (watch.Pact) _memory.Pacts.Add(subject);
                    Context.Watch(subject);
                    break;
                case Order.Unwatch unwatch:
                    Context.Unwatch(Subject(unwatch.Actor));
                    break;
                case Terminated terminated:
                    _troupe.Trace.SayApart(_id, $"told of {_troupe._ids[terminated.ActorRef]}");
                    if (_memory.Pacts.Contains(terminated.ActorRef)) Unhandled(message);
                    break;
            }
        }

        private void Bear(Plan plan)
        {
            if (!Context.Child(plan.Name).IsNobody()) throw new InvalidActorNameException(plan.Name);
            _troupe.Know(Context.ActorOf(_troupe.PropsOf(_id, plan, out var id), plan.Name), id);
        }

        private IActorRef Subject(int number) => _troupe._refs[_troupe._all[number % _troupe._all.Count]];

        private void Run(Hook hook, string detail)
        {
            Say($"{hook}{detail}");
            _troupe._trap?.Spring(_id, hook);
        }

        private void Say(string what) => _troupe.Trace.Say(_id, $"{_instance} {what}");
    }
}
