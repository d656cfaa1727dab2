using Picket.Actors.Cells;
using Picket.Actors.Dispatch;
using Picket.Actors.Event;
using Picket.Actors.Refs;
using Picket.Hocon;

namespace Picket.Actors;

/// <summary>A tree of supervised actors with its scheduler and event stream.</summary>
public sealed class ActorSystem : IActorRefFactory, IDisposable
{
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<Action> _onTermination = new();
    private readonly Scheduler _scheduler;
    private readonly LocalActorRef _root;
    private readonly LocalActorRef _user;
    private readonly LocalActorRef _system;
    private readonly long _started;
    private long _uid;

    private ActorSystem(string name, ActorSystemOptions options)
    {
        Name = name;
        Options = options;
        Settings = new Settings(this, options);
        Address = new Address("akka", name);
        Dispatchers = new Dispatchers(Settings);
        Mailboxes = new Mailboxes(Settings);
        StartTime = options.TimeProvider.GetUtcNow();
        _started = TimeProvider.GetTimestamp();
        var top = new RootActorPath(Address);
        DeadLetterOffice = new DeadLetterActorRef(this, top / "deadLetters");
        EventStream = new EventStream(this);
        IgnoreRef = new IgnoreActorRef(this);
        _scheduler = new Scheduler(this);
        Shutdown = new Lazy<CoordinatedShutdown>(() => new CoordinatedShutdown(this));
        Log = Logging.GetLogger(this, $"ActorSystem({name})");
        _root = new LocalActorRef(this, Props.CreateFrom(() => new RootGuardian(_user!, _system!)), new Bubble(this), top);
        _system = (LocalActorRef)_root.Cell.ActorOf(Props.CreateFrom(static () => new Guardian(SupervisorStrategy.DefaultStrategy)),
            "system");
        _user = (LocalActorRef)_root.Cell.ActorOf(
            Props.CreateFrom(() => new Guardian(options.GuardianStrategy ?? SupervisorStrategy.DefaultStrategy)), "user");
        _system.Cell.MakeChildren();
        _user.Cell.MakeChildren();
        _root.Start();
    }

    /// <summary>The name, part of every path.</summary>
    public string Name { get; }

    /// <summary>The address at the head of every path.</summary>
    public Address Address { get; }

    /// <summary>What the system was made with.</summary>
    public Settings Settings { get; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider => Options.TimeProvider;

    /// <summary>When the system was made.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>Time since the system was made.</summary>
    public TimeSpan Uptime => TimeProvider.GetElapsedTime(_started);

    /// <summary>What happens in the system: log events, dead letters, and what actors publish.</summary>
    public EventStream EventStream { get; }

    /// <summary>Sends messages later.</summary>
    public IScheduler Scheduler => _scheduler;

    /// <summary>Where messages end that reach nobody.</summary>
    public IActorRef DeadLetters => DeadLetterOffice;

    /// <summary>Takes all and does nothing with it.</summary>
    public IActorRef IgnoreRef { get; }

    /// <summary>The system's logger.</summary>
    public ILoggingAdapter Log { get; }

    /// <summary>The mailboxes by name.</summary>
    public Mailboxes Mailboxes { get; }

    /// <summary>Ends when the last actor has stopped and what was registered has run.</summary>
    public Task WhenTerminated => _terminated.Task;

    internal ActorSystemOptions Options { get; }

    internal Dispatchers Dispatchers { get; }

    /// <summary>Made when it is first asked for.</summary>
    internal Lazy<CoordinatedShutdown> Shutdown { get; }

    internal DeadLetterActorRef DeadLetterOffice { get; }

    internal LocalActorRef Root => _root;

    /// <summary>/system: parent of the parts that outlive /user.</summary>
    internal LocalActorRef SystemGuardian => _system;

    /// <summary>Makes a system.</summary>
    /// <param name="name">Letters, digits, '-' and '_', the first of them a letter or a digit.</param>
    public static ActorSystem Create(string name) => Create(name, new ActorSystemOptions());

    /// <summary>Makes a system with a configuration over <see cref="ActorSystemOptions.Reference"/>.</summary>
    /// <exception cref="ArgumentException">The name is not allowed or a value is out of range.</exception>
    /// <exception cref="ConfigurationException">A value is none of those that its key can have.</exception>
    public static ActorSystem Create(string name, Config config) => Create(name, ActorSystemOptions.From(config));

    /// <summary>Makes a system with options.</summary>
    /// <exception cref="ArgumentException">The name is not allowed or an option is out of range.</exception>
    public static ActorSystem Create(string name, ActorSystemOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(name[i]) && (i == 0 || name[i] is not ('-' or '_')))
            {
                throw new ArgumentException(
                    $"invalid actor system name [{name}]: letters, digits, '-' and '_', the first a letter or digit", nameof(name));
            }
        }

        return new ActorSystem(name, options.Validate());
    }

    /// <inheritdoc/>
    public IActorRef ActorOf(Props props, string? name = null) => _user.Cell.ActorOf(props, name);

    /// <inheritdoc/>
    public ActorSelection ActorSelection(string actorPath) => Select(_root, actorPath);

    /// <inheritdoc/>
    public ActorSelection ActorSelection(ActorPath actorPath)
    {
        ArgumentNullException.ThrowIfNull(actorPath);
        var elements = new List<string>(actorPath.Elements);
        if (actorPath.Uid != 0 && elements.Count > 0) elements[^1] += $"#{actorPath.Uid}";
        return new ActorSelection(this, actorPath.Address == Address ? _root : DeadLetterOffice, elements);
    }

    /// <summary>Stops an actor; its name is free once its end has been told.</summary>
    public void Stop(IActorRef actor)
    {
        var known = InternalActorRef.Behind(actor);
        if (known is LocalActorRef { Parent: LocalActorRef parent } local && ReferenceEquals(local.System, this)) parent.Cell.Stop(local);
        else known.Stop();
    }

    /// <summary>Stops all actors, children before parents, /user before /system. Where <see cref="CoordinatedShutdown"/> is in use,
    /// its phases run first, unless <c>run-by-actor-system-terminate</c> is off.</summary>
    /// <returns>Ends with <see cref="WhenTerminated"/>, or with what a phase threw.</returns>
    public Task Terminate() => Shutdown is { IsValueCreated: true, Value: { RunByTerminate: true } shutdown }
        ? shutdown.Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance)
        : FinalTerminate();

    /// <summary>Runs <paramref name="code"/> when the last actor has stopped, the last registered first.</summary>
    /// <exception cref="InvalidOperationException">That has been already.</exception>
    public void RegisterOnTermination(Action code)
    {
        ArgumentNullException.ThrowIfNull(code);
        lock (_onTermination)
        {
            if (_terminated.Task.IsCompleted) throw new InvalidOperationException("the actor system has ended already");
            _onTermination.Push(code);
        }
    }

    /// <summary>Terminates and waits for the end: never from inside an actor, which would wait for itself.</summary>
    public void Dispose() => Terminate().Wait();

    /// <summary>Every actor of the tree, parents before children. The tree lives on while it is walked.</summary>
    public IEnumerable<TreeEntry> Tree()
    {
        var open = new Stack<LocalActorRef>();
        open.Push(_root);
        while (open.TryPop(out var at))
        {
            yield return new TreeEntry(at.Path, at.Cell.ActorType, at.Cell.MailboxCount, at.Cell.Restarts);
            var children = at.Cell.ChildRefs();
            for (var i = children.Length - 1; i >= 0; i--) open.Push(children[i]);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Address}";

    /// <summary>The end itself, without phases.</summary>
    internal Task FinalTerminate()
    {
        _user.Stop();
        return WhenTerminated;
    }

    internal long NextUid() => Interlocked.Increment(ref _uid);

    internal ActorSelection Select(LocalActorRef from, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        InternalActorRef anchor = path[0] == '/' ? _root : from;
        ReadOnlySpan<char> names = path;
        if (Address.TryParse(path, out var address, out var rest))
        {
            anchor = address == Address ? _root : DeadLetterOffice;
            names = rest;
        }

        var elements = new List<string>();
        foreach (var range in names.Split('/'))
        {
            if (names[range] is { IsEmpty: false } name) elements.Add(name.ToString());
        }

        return new ActorSelection(this, anchor, elements);
    }

    /// <summary>False when nobody would see an event of that type: then it need not be made.</summary>
    internal bool WantsLog(Type logged, LogLevel level) =>
        level >= Options.LogLevel && (level >= Options.StandardErrorLevel || EventStream.HasSubscribers(logged));

    internal void PublishLog(LogEvent logged)
    {
        var level = logged.LogLevel();
        if (level < Options.LogLevel) return;
        logged.Timestamp = TimeProvider.GetUtcNow().UtcDateTime;
        if (level >= Options.StandardErrorLevel && !EventStream.HasSubscribers(logged.GetType())) Console.Error.WriteLine(logged);
        EventStream.Publish(logged);
    }

    internal void OnRootEnded()
    {
        _scheduler.Stop();
        while (true)
        {
            Action code;
            lock (_onTermination)
            {
                if (!_onTermination.TryPop(out code!))
                {
                    _terminated.TrySetResult();
                    return;
                }
            }

            try
            {
                code();
            }
            catch (Exception e)
            {
                // The others were promised their run, and WhenTerminated its end.
                PublishLog(new Error(e, Name, typeof(ActorSystem), "what was registered on termination threw"));
            }
        }
    }

    /// <summary>Walks above the root: hears its end and answers its failure.</summary>
    private sealed class Bubble(ActorSystem system) : InternalActorRef
    {
        public override ActorPath Path { get; } = new RootActorPath(system.Address) / "bubble";

        public override ActorSystem System => system;

        public override void Tell(object message, IActorRef? sender) => system.DeadLetterOffice.Deliver(message, sender, this);

        public override void SendSystem(Dispatch.SysMsg.SystemMessage message)
        {
            if (message is Dispatch.SysMsg.DeathWatchNotification) system.OnRootEnded();
            else if (message is Dispatch.SysMsg.ChildFailed failed) failed.Child.Stop();
            else base.SendSystem(message);
        }
    }
}
