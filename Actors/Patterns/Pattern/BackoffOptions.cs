namespace Picket.Actors.Pattern;

/// <summary>How a back-off supervisor treats its child. Immutable: each With gives a new one.</summary>
public sealed record BackoffOptions
{
    internal BackoffOptions(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries,
        bool onFailure)
    {
        ArgumentNullException.ThrowIfNull(childProps);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(minBackoff, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBackoff, minBackoff);
        ArgumentOutOfRangeException.ThrowIfNegative(randomFactor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(randomFactor, 1);
        ChildProps = childProps;
        ChildName = childName;
        MinBackoff = minBackoff;
        MaxBackoff = maxBackoff;
        RandomFactor = randomFactor;
        OnFailure = onFailure;
        AutoReset = minBackoff;
        Strategy = new OneForOneStrategy(maxNrOfRetries, null, SupervisorStrategy.DefaultDecider);
    }

    internal Props ChildProps { get; }

    internal string ChildName { get; }

    internal TimeSpan MinBackoff { get; }

    internal TimeSpan MaxBackoff { get; }

    internal double RandomFactor { get; }

    internal bool OnFailure { get; }

    /// <summary>A child that has lived so long is well again; null when only Reset says so.</summary>
    internal TimeSpan? AutoReset { get; private init; }

    internal OneForOneStrategy Strategy { get; private init; }

    internal object? Reply { get; private init; }

    internal Func<object, bool>? IsFinalStop { get; private init; }

    /// <summary>The waits begin anew when the child has lived for <paramref name="resetBackoff"/> (as it is: for the first wait).</summary>
    public BackoffOptions WithAutoReset(TimeSpan resetBackoff)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resetBackoff, TimeSpan.Zero);
        return this with { AutoReset = resetBackoff };
    }

    /// <summary>The waits begin anew when the supervisor is told <see cref="BackoffSupervisor.Reset"/>.</summary>
    public BackoffOptions WithManualReset() => this with { AutoReset = null };

    /// <summary>Another strategy for the child; its count of retries takes the place of this one's.</summary>
    public BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) => this with { Strategy = supervisorStrategy };

    /// <summary>Stops the child at any failure.</summary>
    public BackoffOptions WithDefaultStoppingStrategy() =>
        this with { Strategy = new OneForOneStrategy(Strategy.MaxNumberOfRetries, null, static _ => Directive.Stop) };

    /// <summary>Failures or ends in a row after which the supervisor ends; -1 for no limit.</summary>
    public BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) =>
        this with { Strategy = Strategy.WithMaxNrOfRetries(maxNrOfRetries) };

    /// <summary>The answer to messages that come while there is no child; without it they are dead letters.</summary>
    public BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => this with { Reply = replyWhileStopped };

    /// <summary>Messages after which the end of the child is the end of the supervisor (OnStop only).</summary>
    public BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) => this with { IsFinalStop = isFinalStopMessage };
}
