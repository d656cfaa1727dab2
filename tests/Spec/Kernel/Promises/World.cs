using System.Collections.Concurrent;
using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel.Promises;

/// <summary>A few actors under one supervisor, several watchers, and threads that each play a program against them.</summary>
internal sealed class World : IDisposable
{
    public const int Threads = 3;
    public const int Places = 3;
    public const int Watchers = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IActorRef[] _places = new IActorRef[Places];
    private readonly IActorRef[] _watchers;
    private readonly IActorRef _parent;
    private readonly ConcurrentQueue<Told> _told = [];

    public World(int throughput)
    {
        System = ActorSystem.Create("promises", new ActorSystemOptions { StandardErrorLevel = null, Throughput = throughput });
        System.EventStream.Subscribe<DeadLetter>(new Undertaker(System));
        _parent = System.ActorOf(Props.CreateFrom(() => new Parent(this)), "parent");
        _watchers = [.. Enumerable.Range(0, Watchers).Select(i =>
        {
            var memory = new Watcher.Memory();
            return System.ActorOf(Props.CreateFrom(() => new Watcher(this, memory)), $"w{i}");
        })];
        for (var i = 0; i < Places; i++) Replace(i);
    }

    public ActorSystem System { get; }

    public ConcurrentQueue<string> Broken { get; } = [];

    public static string? FirstBroken(Step[][] programs, int throughput)
    {
        using var world = new World(throughput);
        var threads = programs.Select((program, sender) => new Thread(() => world.Play(program, sender)) { IsBackground = true }).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads)
        {
            if (!thread.Join(Patience)) return "a thread did not end";
        }

        return world.Close();
    }

    public void Dispose() => System.Dispose();

    private void Play(Step[] program, int sender)
    {
        for (var number = 0; number < program.Length; number++)
        {
            var (deed, place, watcher) = program[number];
            var actor = Volatile.Read(ref _places[place]);
            switch (deed)
            {
                case Deed.Poison:
                    actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
                    break;
                case Deed.Kill:
                    actor.Tell(Actors.Kill.Instance, ActorRefs.NoSender);
                    break;
                case Deed.Stop:
                    System.Stop(actor);
                    break;
                case Deed.Watch or Deed.Unwatch or Deed.WatcherFails:
                    _watchers[watcher].Tell(new Watcher.Order(deed, actor), ActorRefs.NoSender);
                    break;
                case Deed.Replace:
                    if (actor.WatchAsync().IsCompleted) Replace(place);
                    break;
                default:
                    var told = new Told(deed, sender, number);
                    _told.Enqueue(told);
                    actor.Tell(told, ActorRefs.NoSender);
                    break;
            }
        }
    }

    private void Replace(int place) => Volatile.Write(ref _places[place], _parent.Ask<IActorRef>("new", Patience).Result);

    /// <summary>Ends everybody, and then: each message has ended once, each watch has.</summary>
    private string? Close()
    {
        if (!_parent.GracefulStop(Patience).Result) return "the parent did not end";
        foreach (var watcher in _watchers)
        {
            // The ends were sent before their parent's, so that they are in the watcher's mailbox or on their way to it.
            var left = -1;
            if (!SpinWait.SpinUntil(() => (left = watcher.Ask<int>(new Watcher.Report(), Patience).Result) == 0, TimeSpan.FromSeconds(5)))
                return $"{watcher.Path.Name} was not told of {left} ends";
        }

        if (!System.Terminate().Wait(Patience)) return "the system did not end";
        foreach (var told in _told)
        {
            if (told.Ends != 1) Broken.Enqueue($"{told} came to {told.Ends} ends");
        }

        return Broken.TryPeek(out var first) ? first : null;
    }

    private sealed class Parent(World world) : UntypedActor
    {
        private int _made;

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
            cause => cause is FormatException ? Directive.Resume : cause is ActorKilledException ? Directive.Stop : Directive.Restart);

        protected override void OnReceive(object message)
        {
            var name = $"m{_made++}";
            var ledger = new Ledger(world.Broken, name);
            Sender.Tell(Context.ActorOf(Props.CreateFrom(() => new Member(ledger)), name));
        }
    }

    private sealed class Undertaker(ActorSystem system) : ActorRefBase
    {
        public override ActorPath Path { get; } = new RootActorPath(system.Address) / "undertaker";

        public override void Tell(object message, IActorRef? sender)
        {
            if (message is DeadLetter { Message: Told told }) told.End();
        }
    }
}
