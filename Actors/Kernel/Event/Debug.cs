namespace Picket.Actors.Event;

/// <summary>For who looks for a fault.</summary>
public sealed class Debug(Exception? cause, string logSource, Type logClass, object? message)
    : LogEvent(cause, logSource, logClass, message)
{
    /// <summary>Without an exception.</summary>
    public Debug(string logSource, Type logClass, object? message) : this(null, logSource, logClass, message) { }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}
