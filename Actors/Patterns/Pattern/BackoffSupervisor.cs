namespace Picket.Actors.Pattern;

/// <summary>Supervises one child, passes all messages on to it, and brings it back after waits that double.</summary>
public sealed class BackoffSupervisor : UntypedActor
{
    private readonly BackoffOptions _options;
    private IActorRef? _child;
    private int _restarts;
    private bool _finalStop;
    private bool _failed;

    private BackoffSupervisor(BackoffOptions options) => _options = options;

    /// <summary>A recipe from options.</summary>
    public static Props Props(BackoffOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Actors.Props.CreateFrom(() => new BackoffSupervisor(options));
    }

    /// <summary>A recipe that waits after the child stopped.</summary>
    public static Props Props(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries = -1) =>
        Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries));

    /// <summary>A recipe that waits after the child stopped, with a strategy for the child.</summary>
    public static Props PropsWithSupervisorStrategy(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor, OneForOneStrategy strategy) =>
        Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor).WithSupervisorStrategy(strategy));

    /// <inheritdoc/>
    protected override void PreStart() => StartChild();

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        _options.OnFailure ? DecideOnFailure : _options.Strategy.Decider.Decide, _options.Strategy.LoggingEnabled);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Due:
                StartChild();
                break;
            case StillWell well:
                if (well.Restarts == _restarts) _restarts = 0;
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_child):
                ChildEnded();
                break;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child), Self);
                break;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restarts), Self);
                break;
            case Reset:
                if (_options.AutoReset is null) _restarts = 0;
                else Unhandled(message);
                break;
            default:
                Pass(message);
                break;
        }
    }

    private void Pass(object message)
    {
        _finalStop |= _options.IsFinalStop?.Invoke(message) ?? false;
        if (_child is not null)
        {
            _child.Forward(message);
        }
        else
        {
            if (_options.Reply is { } reply) Sender.Tell(reply, Self);
            else Context.System.DeadLetters.Forward(message);
            if (_finalStop) Context.Stop(Self);
        }
    }

    private void StartChild()
    {
        if (_child is not null) return;
        _child = Context.ActorOf(_options.ChildProps, _options.ChildName);
        Context.Watch(_child);
        if (_restarts == 0 || _options.AutoReset is not { } wellAfter) return;
        Context.System.Scheduler.ScheduleTellOnce(wellAfter, Self, new StillWell(_restarts), Self);
    }

    /// <summary>A restart becomes an end, and what brings the child back is its Terminated; so no old name is in the way.</summary>
    private Directive DecideOnFailure(Exception cause)
    {
        var directive = _options.Strategy.Decider.Decide(cause);
        _failed = directive == Directive.Restart;
        return directive == Directive.Restart ? Directive.Stop : directive;
    }

    private void ChildEnded()
    {
        _child = null;
        var limit = _options.Strategy.MaxNumberOfRetries;
        if (_finalStop || (_options.OnFailure && !_failed) || (limit >= 0 && _restarts >= limit))
        {
            Context.Stop(Self);
            return;
        }

        _failed = false;

        Context.System.Scheduler.ScheduleTellOnce(Wait(_restarts++), Self, new Due(), Self);
    }

    private TimeSpan Wait(int restarts)
    {
        // 2^30 times the least wait is beyond any longest one that makes sense.
        var wait = _options.MinBackoff.Ticks * Math.Pow(2, Math.Min(restarts, 30)) *
            (1 + (Random.Shared.NextDouble() * _options.RandomFactor));
        return wait >= _options.MaxBackoff.Ticks ? _options.MaxBackoff : TimeSpan.FromTicks((long)wait);
    }

    /// <summary>Asks for <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        private GetCurrentChild() { }

        /// <summary>The only one.</summary>
        public static GetCurrentChild Instance { get; } = new();
    }

#nullable disable annotations // As in Akka.NET: what may be null here says so in words, so that code written for it compiles.
    /// <summary>The answer to <see cref="GetCurrentChild"/>.</summary>
    /// <param name="Ref">Null while the supervisor waits.</param>
    public sealed record CurrentChild(IActorRef Ref);
#nullable restore annotations

    /// <summary>Asks for <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        private GetRestartCount() { }

        /// <summary>The only one.</summary>
        public static GetRestartCount Instance { get; } = new();
    }

    /// <summary>The answer to <see cref="GetRestartCount"/>.</summary>
    /// <param name="Count">Times the child was brought back since the last reset.</param>
    public sealed record RestartCount(int Count);

    /// <summary>Begins the waits anew, where the options say that this is by hand.</summary>
    public sealed class Reset
    {
        private Reset() { }

        /// <summary>The only one.</summary>
        public static Reset Instance { get; } = new();
    }

    private sealed record Due : Event.IDeadLetterSuppression;

    private sealed record StillWell(int Restarts) : Event.IDeadLetterSuppression;
}
