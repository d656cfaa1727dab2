using Picket.Actors.Cells;
using Picket.Actors.Refs;

namespace Picket.Actors;

/// <summary>Applies the directive to all children when one fails.</summary>
public sealed class AllForOneStrategy : SupervisorStrategy
{
    /// <summary>No limit of restarts.</summary>
    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(null, null, localOnlyDecider) { }

    /// <summary>No limit of restarts.</summary>
    public AllForOneStrategy(IDecider decider) : this(null, null, decider) { }

    /// <summary>At most so many restarts (null or negative for no limit) within the range (null for all time), then stop.</summary>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, new LocalOnlyDecider(localOnlyDecider)) { }

    /// <summary>At most so many restarts within the range, then stop.</summary>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : base(maxNrOfRetries, withinTimeRange, decider, loggingEnabled: true) { }

    /// <summary>At most so many restarts within so many milliseconds, then stop.</summary>
    public AllForOneStrategy(
        int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, new LocalOnlyDecider(localOnlyDecider), loggingEnabled) { }

    /// <summary>At most so many restarts within so many milliseconds, then stop.</summary>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
        : base(maxNrOfRetries, TimeSpan.FromMilliseconds(withinTimeMilliseconds), decider, loggingEnabled) { }

    internal override void ProcessFailure(ActorCell supervisor, bool restart, LocalActorRef child, Exception cause)
    {
        var children = supervisor.ChildRefs();
        var allowed = restart;
        foreach (var each in children) allowed = allowed && MayRestart(supervisor, each);
        foreach (var each in children)
        {
            if (!allowed)
            {
                supervisor.Stop(each);
                continue;
            }

            // The one that failed has suspended itself already.
            if (!ReferenceEquals(each, child)) each.Suspend();
            each.Restart(cause);
        }
    }
}
