namespace Picket.Actors.Event;

/// <summary>What may need care.</summary>
public sealed class Warning(Exception? cause, string logSource, Type logClass, object? message)
    : LogEvent(cause, logSource, logClass, message)
{
    /// <summary>Without an exception.</summary>
    public Warning(string logSource, Type logClass, object? message) : this(null, logSource, logClass, message) { }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}
