using Picket.Actors.Event;

namespace Picket.Actors.TestKit;

/// <summary>
/// A test actor, what it was told, and expectations about that. A method without a time waits for what remains of the innermost
/// Within, else for the setting; a given time is multiplied by the settings' factor. Time is the system's: on a clock that a test moves,
/// Within measures what that clock says, and a wait ends when it has passed the time or when the wall clock has. One test at a time uses a kit.
/// </summary>
public abstract partial class TestKitBase : IActorRefFactory
{
    private readonly Inbox _inbox = new();
    private readonly long _made;
    private MessageEnvelope? _last;
    private TimeSpan? _end;
    private bool _lastWasNoMsg;
    private EventFilterFactory? _eventFilter;

    private protected TestKitBase(ActorSystem system, TestKitSettings settings, string testActorName)
    {
        Sys = system;
        TestKitSettings = settings;
        _made = system.TimeProvider.GetTimestamp();
        TestActor = CreateTestActor(testActorName);
        Log = Logging.GetLogger(system, this);
        if (this is not INoImplicitSender) ImplicitSender.Ambient = TestActor;
    }

    /// <summary>The system.</summary>
    public ActorSystem Sys { get; }

    /// <summary>The times that apply where a call names none.</summary>
    public TestKitSettings TestKitSettings { get; }

    /// <summary>Keeps what it is told for the expectations. Does itself what <see cref="Picket.Actors.TestKit.TestActor"/> lists.</summary>
    public IActorRef TestActor { get; }

    /// <summary>The kit's logger.</summary>
    public ILoggingAdapter Log { get; }

    /// <summary>The last message that was received, or null.</summary>
    public object? LastMessage => _last?.Message;

    /// <summary>Who told the last message that was received; nobody before the first.</summary>
    public IActorRef LastSender => _last?.Sender ?? ActorRefs.Nobody;

    /// <summary>Whether the test actor keeps a message that was not received.</summary>
    public bool HasMessages => _inbox.Count > 0;

    /// <summary>Time of the system's clock since the kit was made.</summary>
    public TimeSpan Now => Sys.TimeProvider.GetElapsedTime(_made);

    /// <summary>Expectations about log events and dead letters.</summary>
    public EventFilterFactory EventFilter => _eventFilter ??= CreateEventFilter(Sys);

    /// <summary>What remains of the innermost Within; never negative.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public TimeSpan Remaining =>
        _end is null ? throw new InvalidOperationException("Remaining has a meaning inside of Within only") : RemainingOr(TimeSpan.Zero);

    /// <summary>What remains of the innermost Within, else the default of one expectation.</summary>
    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    /// <summary>The given time multiplied by the factor, else <see cref="RemainingOrDefault"/>.</summary>
    /// <exception cref="ArgumentException">The time is infinite.</exception>
    public TimeSpan RemainingOrDilated(TimeSpan? duration) => duration switch
    {
        null => RemainingOrDefault,
        { } given when given == Timeout.InfiniteTimeSpan => throw new ArgumentException("an expectation must end", nameof(duration)),
        { } given => Dilated(given),
    };

    /// <summary>The time multiplied by <see cref="TestKitSettings.TestTimeFactor"/>.</summary>
    public TimeSpan Dilated(TimeSpan duration) => duration > TimeSpan.Zero ? duration * TestKitSettings.TestTimeFactor : duration;

    /// <summary>The time, else the default of one expectation.</summary>
    public TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => timeout ?? TestKitSettings.SingleExpectDefault;

    /// <summary>Filters for another system.</summary>
    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, new EventListener(system), []);

    /// <summary>Messages that the test actor does not keep.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) => Control(new TestActor.SetIgnore(shouldIgnoreMessage));

    /// <summary>Messages of a type that the test actor does not keep.</summary>
    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) =>
        IgnoreMessages(message => message is TMsg typed && shouldIgnoreMessage(typed));

    /// <summary>A type whose messages the test actor does not keep.</summary>
    public void IgnoreMessages<TMsg>() => IgnoreMessages(static message => message is TMsg);

    /// <summary>Keeps all messages again.</summary>
    public void IgnoreNoMessages() => Control(new TestActor.SetIgnore(null));

    /// <summary>The test actor watches <paramref name="actorToWatch"/>.</summary>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        Control(new TestActor.Watch(actorToWatch));
        return actorToWatch;
    }

    /// <summary>The test actor watches <paramref name="actorToWatch"/> and keeps the message in place of Terminated.</summary>
    public IActorRef WatchWith(IActorRef actorToWatch, object message)
    {
        Control(new TestActor.WatchWith(actorToWatch, message));
        return actorToWatch;
    }

    /// <summary>The test actor watches no longer.</summary>
    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        Control(new TestActor.Unwatch(actorToUnwatch));
        return actorToUnwatch;
    }

    /// <summary>Runs a pilot for each message that the test actor is told, before it is kept.</summary>
    public void SetAutoPilot(AutoPilot pilot) => Control(new TestActor.SetAutoPilot(pilot));

    /// <summary>A test actor of its own with expectations about it; the name gets a number.</summary>
    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    /// <summary>A probe in another system.</summary>
    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, TestKitSettings, name);

    /// <summary>Another actor that keeps messages for this kit.</summary>
    public IActorRef CreateTestActor(string name) => Sys.ActorOf(Props.CreateFrom(() => new KeepingActor(_inbox)), name);

    /// <inheritdoc/>
    public IActorRef ActorOf(Props props, string? name = null) => Sys.ActorOf(props, name);

    /// <inheritdoc/>
    public ActorSelection ActorSelection(string actorPath) => Sys.ActorSelection(actorPath);

    /// <inheritdoc/>
    public ActorSelection ActorSelection(ActorPath actorPath) => Sys.ActorSelection(actorPath);

    /// <summary>A child of the test actor. Its failures stop it, or are answered by the strategy.</summary>
    public IActorRef ChildActorOf(Props props, string? name = null, SupervisorStrategy? supervisorStrategy = null)
    {
        TestActor.Tell(new TestActor.Spawn(props, name, supervisorStrategy), TestActor);
        return ExpectMsg<IActorRef>(hint: "the child");
    }

    /// <summary>Stops the system and waits for its end.</summary>
    /// <param name="duration">How long; null for <see cref="TestKitSettings.DefaultTimeout"/>.</param>
    /// <param name="verifySystemShutdown">Whether a system that does not end in time is a failure, else a warning of its log.</param>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) =>
        Shutdown(Sys, duration, verifySystemShutdown);

    /// <summary>Stops a system and waits for its end.</summary>
    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        ArgumentNullException.ThrowIfNull(system);
        var max = duration ?? Dilated(TestKitSettings.DefaultTimeout);
        if (system.Terminate().Wait(max)) return;
        var left = string.Join(", ", system.Tree().Select(entry => entry.Path.ToStringWithoutAddress()));
        var message = $"{system.Name} did not end within {max}; still there: {left}";
        if (verifySystemShutdown) throw new TimeoutException(message);
        system.Log.Warning("{0}", message);
    }

    /// <summary>What remains of the innermost Within, else <paramref name="duration"/>.</summary>
    protected internal TimeSpan RemainingOr(TimeSpan duration) =>
        _end is not { } end ? duration : end > Now ? end - Now : TimeSpan.Zero;

    private void Control(object message) => TestActor.Tell(message, TestActor);
}
