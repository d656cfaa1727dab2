namespace Picket.Actors.Event;

/// <summary>Something that the system or an actor has to say. Loggers subscribe to it on the event stream.</summary>
public abstract class LogEvent
{
    private protected LogEvent(Exception? cause, string logSource, Type logClass, object? message) =>
        (Cause, LogSource, LogClass, Message) = (cause, logSource, logClass, message);

#nullable disable annotations // As in Akka.NET: what may be null here says so in words, so that code written for it compiles.
    /// <summary>What was thrown, or null.</summary>
    public Exception Cause { get; }

    /// <summary>What, or null.</summary>
    public object Message { get; }
#nullable restore annotations

    /// <summary>When, in UTC; by the clock of the system that published it.</summary>
    public DateTime Timestamp { get; internal set; }

    /// <summary>The thread that said it.</summary>
    public Thread Thread { get; } = Thread.CurrentThread;

    /// <summary>Who: the path of an actor, or a name.</summary>
    public string LogSource { get; }

    /// <summary>The class that says it.</summary>
    public Type LogClass { get; }

    /// <summary>How much it matters.</summary>
    public abstract LogLevel LogLevel();

    /// <inheritdoc/>
    public override string ToString() =>
        $"[{LogLevel().ToString().Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant()}][{Timestamp:O}][{LogSource}] "
        + $"{Message}{(Cause is null ? "" : $"\n{Cause}")}";
}
