using Picket.Actors;

namespace Picket.Spec.Kernel.Promises;

/// <summary>Watches and counts; what it remembers outlives its restarts, as its watches do.</summary>
internal sealed class Watcher(World world, Watcher.Memory memory) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Order { Deed: Deed.Watch } order:
                memory.Watched(order.Subject);
                Context.Watch(order.Subject);
                break;
            case Order { Deed: Deed.Unwatch } order:
                memory.Unwatched(order.Subject);
                Context.Unwatch(order.Subject);
                break;
            case Order:
                throw new InvalidOperationException("watcher");
            case Terminated { ActorRef: var ended }:
                if (!memory.Told(ended)) world.Broken.Enqueue($"{Self.Path.Name} was told of {ended.Path.Name} more often than it watched");
                break;
            case Report:
                Sender.Tell(memory.Awaited);
                break;
        }
    }

    internal sealed record Order(Deed Deed, IActorRef Subject);

    internal sealed record Report;

    /// <summary>Of each subject, how often it was watched since it was last unwatched, less the ends told; and whether one is owed. A second
    /// Watch while the first one's Terminated waits in the mailbox is a watch of its own.</summary>
    internal sealed class Memory
    {
        private readonly Dictionary<IActorRef, int> _watches = [];
        private readonly HashSet<IActorRef> _owed = [];

        public int Awaited => _owed.Count;

        public void Watched(IActorRef subject)
        {
            _watches[subject] = _watches.GetValueOrDefault(subject) + 1;
            _owed.Add(subject);
        }

        public void Unwatched(IActorRef subject)
        {
            _watches.Remove(subject);
            _owed.Remove(subject);
        }

        public bool Told(IActorRef subject)
        {
            _owed.Remove(subject);
            return _watches.TryGetValue(subject, out var left) && left > 0 && (_watches[subject] = left - 1) >= 0;
        }
    }
}
