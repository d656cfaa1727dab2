namespace Picket.Actors.Event;

/// <summary>What failed.</summary>
public sealed class Error(Exception? cause, string logSource, Type logClass, object? message)
    : LogEvent(cause, logSource, logClass, message)
{
    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}
