namespace Picket.Actors.Event;

/// <summary>Something that the system or an actor has to say. Loggers subscribe to it on the event stream.</summary>
public abstract class LogEvent
{
    private protected LogEvent(Exception? cause, string logSource, Type logClass, object? message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <summary>What was thrown, or null.</summary>
    public Exception? Cause { get; }

    /// <summary>When; the clock of the system that published it.</summary>
    public DateTimeOffset Timestamp { get; internal set; }

    /// <summary>Who: the path of an actor, or a name.</summary>
    public string LogSource { get; }

    /// <summary>The class that says it.</summary>
    public Type LogClass { get; }

    /// <summary>What.</summary>
    public object? Message { get; }

    /// <summary>How much it matters.</summary>
    public abstract LogLevel LogLevel();

    /// <inheritdoc/>
    public override string ToString() =>
        $"[{LogLevel().ToString().Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant()}][{Timestamp:O}][{LogSource}] "
        + $"{Message}{(Cause is null ? "" : $"\n{Cause}")}";
}
