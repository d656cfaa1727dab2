using Picket.Actors.Cells;
using Picket.Actors.Refs;

namespace Picket.Actors;

/// <summary>Applies the directive to the child that failed.</summary>
public sealed class OneForOneStrategy : SupervisorStrategy
{
    /// <summary>The default decider, no limit.</summary>
    public OneForOneStrategy() : this(DefaultDecider) { }

    /// <summary>No limit of restarts.</summary>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : base(null, null, new LocalOnlyDecider(localOnlyDecider), loggingEnabled) { }

    /// <summary>No limit of restarts.</summary>
    public OneForOneStrategy(IDecider decider) : this(null, null, decider) { }

    /// <summary>At most so many restarts (null or negative for no limit) within the range (null for all time), then stop.</summary>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, new LocalOnlyDecider(localOnlyDecider)) { }

    /// <summary>At most so many restarts within the range, then stop.</summary>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries, withinTimeRange, decider, loggingEnabled: true) { }

    /// <summary>At most so many restarts within so many milliseconds, then stop.</summary>
    public OneForOneStrategy(
        int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, new LocalOnlyDecider(localOnlyDecider), loggingEnabled) { }

    /// <summary>At most so many restarts within so many milliseconds, then stop.</summary>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
        : this(maxNrOfRetries, TimeSpan.FromMilliseconds(withinTimeMilliseconds), decider, loggingEnabled) { }

    internal OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider, bool loggingEnabled)
        : base(maxNrOfRetries, withinTimeRange, decider, loggingEnabled) { }

    /// <summary>The same with another limit of restarts.</summary>
    public OneForOneStrategy WithMaxNrOfRetries(int maxNrOfRetries) => new(maxNrOfRetries, WithinTimeRange, Decider, LoggingEnabled);

    internal override void ProcessFailure(ActorCell supervisor, bool restart, LocalActorRef child, Exception cause)
    {
        if (restart && MayRestart(supervisor, child)) child.Restart(cause);
        else supervisor.Stop(child);
    }
}
