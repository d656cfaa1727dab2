namespace Picket.Actors.Event;

/// <summary>What happens.</summary>
public sealed class Info(Exception? cause, string logSource, Type logClass, object? message) : LogEvent(cause, logSource, logClass, message)
{
    /// <summary>Without an exception.</summary>
    public Info(string logSource, Type logClass, object? message) : this(null, logSource, logClass, message) { }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}
