using Picket.Actors.Event;

namespace Picket.Actors;

/// <summary>What a system is made with.</summary>
public sealed record ActorSystemOptions
{
    /// <summary>The clock of scheduler, timers, time-outs and log events.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>User messages that an actor handles in one turn before others have theirs; 1 or more.</summary>
    public int Throughput { get; init; } = 100;

    /// <summary>The least level of log events that are published.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.InfoLevel;

    /// <summary>The least level that goes to standard error while nobody subscribes to it; null for none.</summary>
    public LogLevel? StandardErrorLevel { get; init; } = LogLevel.WarningLevel;

    /// <summary>How /user answers failures of the actors at the top; null for <see cref="SupervisorStrategy.DefaultStrategy"/>.
    /// What it escalates ends the system, never the process.</summary>
    public SupervisorStrategy? GuardianStrategy { get; init; }

    /// <summary>Runs the actors in place of the thread pool; for a test that decides the order of turns.</summary>
    internal Dispatch.MessageDispatcher? DefaultDispatcher { get; init; }

    internal ActorSystemOptions Validate()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfLessThan(Throughput, 1);
        return this;
    }
}
