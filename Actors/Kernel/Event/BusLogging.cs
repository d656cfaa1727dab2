using System.Globalization;

namespace Picket.Actors.Event;

/// <summary>Logs to the event stream of a system.</summary>
internal sealed class BusLogging(ActorSystem system, string logSource, Type logClass) : ILoggingAdapter
{
    public bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

    public bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

    public bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

    public bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= system.Settings.LogLevel;

    public void Debug(string format, params object?[] args) => Write(LogLevel.DebugLevel, null, format, args);

    public void Debug(Exception? cause, string format, params object?[] args) => Write(LogLevel.DebugLevel, cause, format, args);

    public void Info(string format, params object?[] args) => Write(LogLevel.InfoLevel, null, format, args);

    public void Info(Exception? cause, string format, params object?[] args) => Write(LogLevel.InfoLevel, cause, format, args);

    public void Warning(string format, params object?[] args) => Write(LogLevel.WarningLevel, null, format, args);

    public void Warning(Exception? cause, string format, params object?[] args) => Write(LogLevel.WarningLevel, cause, format, args);

    public void Error(string format, params object?[] args) => Write(LogLevel.ErrorLevel, null, format, args);

    public void Error(Exception? cause, string format, params object?[] args) => Write(LogLevel.ErrorLevel, cause, format, args);

    public void Log(LogLevel logLevel, string format, params object?[] args) => Write(logLevel, null, format, args);

    private void Write(LogLevel level, Exception? cause, string format, object?[] args)
    {
        if (!IsEnabled(level)) return;
        var message = args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
        system.PublishLog(level switch
        {
            LogLevel.DebugLevel => new Debug(cause, logSource, logClass, message),
            LogLevel.InfoLevel => new Info(cause, logSource, logClass, message),
            LogLevel.WarningLevel => new Warning(cause, logSource, logClass, message),
            _ => new Error(cause, logSource, logClass, message),
        });
    }
}
