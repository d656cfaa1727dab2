using Picket.Actors.Cells;
using Picket.Actors.Event;
using Picket.Actors.Refs;

namespace Picket.Actors;

/// <summary>How a supervisor answers the failures of its children.</summary>
public abstract class SupervisorStrategy
{
    private protected SupervisorStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider, bool loggingEnabled)
    {
        MaxNumberOfRetries = maxNrOfRetries is null or < 0 ? -1 : maxNrOfRetries.Value;
        WithinTimeRange = withinTimeRange is { } range && range > TimeSpan.Zero ? range : Timeout.InfiniteTimeSpan;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <summary>Stop on <see cref="ActorInitializationException"/>, <see cref="ActorKilledException"/> and
    /// <see cref="DeathPactException"/>, restart on all else.</summary>
    public static IDecider DefaultDecider { get; } = Actors.Decider.From(static cause =>
        cause is ActorInitializationException or ActorKilledException or DeathPactException ? Directive.Stop : Directive.Restart);

    /// <summary>One for one with <see cref="DefaultDecider"/> and no limit.</summary>
    public static SupervisorStrategy DefaultStrategy { get; } = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops a child at any failure.</summary>
    public static OneForOneStrategy StoppingStrategy { get; } = new OneForOneStrategy(static _ => Directive.Stop);

    /// <summary>Restarts that a child may have, within the time range where one is set; -1 for no limit.</summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>The window in which restarts count; infinite for all time.</summary>
    public TimeSpan WithinTimeRange { get; }

    /// <summary>As <see cref="WithinTimeRange"/>; -1 for all time.</summary>
    public int WithinTimeRangeMilliseconds => (int)WithinTimeRange.TotalMilliseconds;

    /// <summary>Maps causes to directives.</summary>
    public IDecider Decider { get; }

    /// <summary>Whether failures are logged here.</summary>
    public bool LoggingEnabled { get; }

    /// <summary>False when the failure is to be escalated.</summary>
    internal bool HandleFailure(ActorCell supervisor, LocalActorRef child, Exception cause)
    {
        var directive = Decider.Decide(cause);
        if (LoggingEnabled) LogFailure(supervisor, child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                child.Resume(cause);
                return true;
            case Directive.Restart:
                ProcessFailure(supervisor, true, child, cause);
                return true;
            case Directive.Stop:
                ProcessFailure(supervisor, false, child, cause);
                return true;
            default:
                return false;
        }
    }

    internal abstract void ProcessFailure(ActorCell supervisor, bool restart, LocalActorRef child, Exception cause);

    private protected bool MayRestart(ActorCell supervisor, LocalActorRef child) =>
        child.RestartStats.RequestPermission(MaxNumberOfRetries, WithinTimeRange, supervisor.System.TimeProvider);

    private void LogFailure(ActorCell supervisor, LocalActorRef child, Exception cause, Directive directive)
    {
        var (type, level) = directive == Directive.Resume
            ? (typeof(Warning), LogLevel.WarningLevel)
            : (typeof(Error), LogLevel.ErrorLevel);
        if (directive == Directive.Escalate || !supervisor.System.WantsLog(type, level)) return;
        var message = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        LogEvent logged = directive == Directive.Resume
            ? new Warning(cause, child.Path.ToString(), GetType(), message)
            : new Error(cause, child.Path.ToString(), GetType(), message);
        supervisor.System.PublishLog(logged);
    }
}
