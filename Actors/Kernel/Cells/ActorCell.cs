using Picket.Actors.Dispatch;
using Picket.Actors.Refs;

namespace Picket.Actors.Cells;

/// <summary>
/// The life of one ref: instances come and go in it, ref and mailbox stay. All of it runs in the actor's own turns, one at a
/// time; what other threads may read is said at the member. Fields that most actors never use are lazy.
/// </summary>
internal sealed partial class ActorCell : IUntypedActorContext
{
    private readonly LocalActorRef _self;
    private readonly InternalActorRef _parent;
    private ActorBase? _actor;
    private Receive? _behavior;
    private IdleTimer? _idleTimer;

    public ActorCell(ActorSystem system, Props props, LocalActorRef self, InternalActorRef parent)
    {
        System = system;
        Props = props;
        _self = self;
        _parent = parent;
    }

    /// <summary>The cell whose turn this thread runs, or null.</summary>
    public static ActorCell? Current => TurnThread.Current?.Cell;

    public ActorSystem System { get; }

    public Props Props { get; }

    public IActorRef Self => _self;

    public IActorRef Parent => _parent;

    public InternalActorRef ParentRef => _parent;

    public IActorRef Sender => _sender ?? System.DeadLetters;

    public IActorRef? SenderOrNull => _sender;

    /// <summary>True while a constructor of this cell's actor may run.</summary>
    public bool Incarnating { get; private set; }

    /// <summary>Kept here for the supervisor, which alone touches it.</summary>
    public RestartStats? RestartStats
    {
        get => _rare.RestartStats;
        set => _rare.RestartStats = value;
    }

    /// <summary>Incarnations after the first. Any thread may read it.</summary>
    public int Restarts { get; private set; }

    /// <summary>Any thread may read it.</summary>
    public bool IsTerminated => Volatile.Read(ref _terminated);

    /// <summary>Type of the instance, or null between two. Any thread may read it.</summary>
    public Type? ActorType => Volatile.Read(ref _actor)?.GetType();

    /// <summary>User messages waiting, about. Any thread may read it.</summary>
    public int MailboxCount => _self.Mailbox.Queue.Count(_cursor) + (_front?.Count ?? 0);

    TimeSpan? IActorContext.ReceiveTimeout => _idleTimer?.Timeout;

    private Mailbox Mailbox => _self.Mailbox;

    public IActorRef ActorOf(Props props, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null && !ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException($"illegal actor name [{name}]: URI path characters only, not empty, no leading '$'");
        }

        var child = MakeChildren().Add(this, props, name);

        // Whoever resumes the parent resumes each child once for each time the parent was suspended.
        if (ReferenceEquals(Current, this))
        {
            for (var i = 0; i < _suspended; i++) child.Suspend();
        }

        child.Start();
        return child;
    }

    public ActorSelection ActorSelection(string actorPath) => System.Select(_self, actorPath);

    public ActorSelection ActorSelection(ActorPath actorPath) => System.ActorSelection(actorPath);

    public IActorRef Child(string name) => (IActorRef?)_rare.Children?.Find(name) ?? ActorRefs.Nobody;

    public IEnumerable<IActorRef> GetChildren() => ChildRefs();

    /// <summary>Any thread may call it.</summary>
    public LocalActorRef[] ChildRefs() => Volatile.Read(ref _rare.Children)?.ToArray() ?? [];

    /// <summary>The child of that name, where given (<c>name#uid</c>) that incarnation. Any thread may call it.</summary>
    public LocalActorRef? FindChild(string name)
    {
        var hash = name.IndexOf('#', StringComparison.Ordinal);
        if (hash < 0) return Volatile.Read(ref _rare.Children)?.Find(name);
        var child = Volatile.Read(ref _rare.Children)?.Find(name[..hash]);
        return child is not null && long.TryParse(name.AsSpan(hash + 1), out var uid) && child.Path.Uid == uid ? child : null;
    }

    public void Stop(IActorRef child)
    {
        var known = InternalActorRef.Behind(child);
        if (known is LocalActorRef local) _rare.Children?.MarkDying(local);
        known.Stop();
    }

    public void Become(Receive receive) => _behavior = receive;

    public void Become(UntypedReceive receive) => _behavior = UntypedActor.Handled(receive);

    public void BecomeStacked(Receive receive)
    {
        (_rare.BehaviorsBelow ??= new Stack<Receive>()).Push(_behavior ?? _actor?.InitialBehavior ?? NotYet);
        _behavior = receive;
    }

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(UntypedActor.Handled(receive));

    public void UnbecomeStacked() => _behavior = _rare.BehaviorsBelow is { Count: > 0 } below ? below.Pop() : null;

    public IActorRef Watch(IActorRef subject) => WatchFor(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return WatchFor(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        var known = InternalActorRef.Behind(subject);
        _rare.Watch?.Unwatch(_self, known);
        return subject;
    }

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        _idleTimer?.Dispose();
        _idleTimer = timeout is { } after ? new IdleTimer(_self, after, System.TimeProvider) : null;
    }

    /// <summary>A Terminated that was put aside comes out of the mailbox once more.</summary>
    public void TellAgain(IActorRef subject) => _rare.Watch?.TellAgain(subject);

    /// <summary>Made early for a guardian, whose children come from any thread.</summary>
    public Children MakeChildren() =>
        _rare.Children ?? Interlocked.CompareExchange(ref _rare.Children, new Children(), null) ?? _rare.Children;

    /// <summary>The bottom of a stack that a constructor began: the instance itself, which is not known yet.</summary>
    private bool NotYet(object message) => _actor!.InitialBehavior(message);

    private IActorRef WatchFor(IActorRef subject, object? message)
    {
        var known = InternalActorRef.Behind(subject);
        if (!ReferenceEquals(known, _self)) (_rare.Watch ??= new DeathWatch()).Watch(_self, known, message);
        return subject;
    }
}
