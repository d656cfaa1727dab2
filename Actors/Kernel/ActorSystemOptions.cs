using Picket.Actors.Dispatch;
using Picket.Actors.Event;
using Picket.Hocon;

namespace Picket.Actors;

/// <summary>What a system is made with. <see cref="From"/> reads it from a configuration; what is set here in code counts.</summary>
public sealed record ActorSystemOptions
{
    private static readonly Lazy<Config> s_reference = new(static () =>
    {
        using var stream = typeof(ActorSystemOptions).Assembly.GetManifestResourceStream("Picket.Actors.reference.conf")!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd(), "reference.conf");
    });

    /// <summary>The keys that the kernel honours, with their defaults.</summary>
    public static Config Reference => s_reference.Value;

    /// <summary>Where mailboxes and dispatchers are looked up by path, and the phases of <see cref="CoordinatedShutdown"/>; the
    /// reference stands behind it.</summary>
    public Config Config { get; init; } = Config.Empty;

    /// <summary>The clock of scheduler, timers, time-outs and log events.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>User messages that an actor of the default dispatcher handles in one turn before others have theirs; 1 or more.</summary>
    public int Throughput { get; init; } = 100;

    /// <summary>The mailbox of actors whose props name none; null for the unbounded one.</summary>
    public MailboxType? DefaultMailbox { get; init; }

    /// <summary>How long an Ask without a time-out of its own waits; zero or less for no end.</summary>
    public TimeSpan AskTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The least level of log events that are published.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.InfoLevel;

    /// <summary>The least level that goes to standard error while nobody subscribes to it; null for none.</summary>
    public LogLevel? StandardErrorLevel { get; init; } = LogLevel.WarningLevel;

    /// <summary>What is logged for who looks for a fault, at debug level.</summary>
    public DebugEvents Debug { get; init; }

    /// <summary>How /user answers failures of the actors at the top; null for <see cref="SupervisorStrategy.DefaultStrategy"/>.
    /// What it escalates ends the system, never the process.</summary>
    public SupervisorStrategy? GuardianStrategy { get; init; }

    /// <summary>Options from the <c>akka</c> section of a configuration, the reference for what it leaves out.</summary>
    /// <exception cref="ConfigurationException">A value is none of those that its key can have.</exception>
    public static ActorSystemOptions From(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var all = config.WithFallback(Reference);
        var standardError = Level(all, "akka.stdout-loglevel");
        return new ActorSystemOptions
        {
            Config = config,
            Throughput = all.GetInt("akka.actor.default-dispatcher.throughput"),
            DefaultMailbox = config.HasPath("akka.actor.default-mailbox") ? Mailboxes.Read(all, "akka.actor.default-mailbox") : null,
            AskTimeout = all.GetTimeSpan("akka.actor.ask-timeout"),
            LogLevel = Level(all, "akka.loglevel") ?? (LogLevel)int.MaxValue,
            StandardErrorLevel = standardError,
            Debug = (all.GetBoolean("akka.actor.debug.autoreceive") ? DebugEvents.AutoReceive : 0)
                | (all.GetBoolean("akka.actor.debug.lifecycle") ? DebugEvents.Lifecycle : 0)
                | (all.GetBoolean("akka.actor.debug.event-stream") ? DebugEvents.EventStream : 0)
                | (all.GetBoolean("akka.actor.debug.unhandled") ? DebugEvents.Unhandled : 0),
            GuardianStrategy = Mailboxes.TypeName(all, "akka.actor.guardian-supervisor-strategy") switch
            {
                nameof(SupervisorStrategy.DefaultStrategy) or "DefaultSupervisorStrategy" => null,
                nameof(SupervisorStrategy.StoppingStrategy) or "StoppingSupervisorStrategy" => SupervisorStrategy.StoppingStrategy,
                var other => throw new ConfigurationException(
                    $"akka.actor.guardian-supervisor-strategy is [{other}]: DefaultSupervisorStrategy, StoppingSupervisorStrategy"),
            },
        };
    }

    internal ActorSystemOptions Validate()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(Config);
        ArgumentOutOfRangeException.ThrowIfLessThan(Throughput, 1);
        return this;
    }

    private static LogLevel? Level(Config config, string path) => config.GetString(path)?.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" or "WARN" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => null,
        var other => throw new ConfigurationException($"{path} is [{other}]: OFF, ERROR, WARNING, INFO, DEBUG"),
    };
}
