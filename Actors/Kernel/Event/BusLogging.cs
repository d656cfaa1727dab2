using System.Globalization;

namespace Picket.Actors.Event;

/// <summary>Logs to the event stream of a system.</summary>
internal sealed class BusLogging(ActorSystem system, string logSource, Type logClass) : ILoggingAdapter
{
    public bool IsEnabled(LogLevel logLevel) => logLevel >= system.Options.LogLevel;

    public void Log(LogLevel logLevel, Exception? cause, string format, params object?[] args)
    {
        if (!IsEnabled(logLevel)) return;
        var message = args.Length == 0 ? format : Format(format, args);
        system.PublishLog(logLevel switch
        {
            LogLevel.DebugLevel => new Debug(cause, logSource, logClass, message),
            LogLevel.InfoLevel => new Info(cause, logSource, logClass, message),
            LogLevel.WarningLevel => new Warning(cause, logSource, logClass, message),
            _ => new Error(cause, logSource, logClass, message),
        });
    }

    private static string Format(string format, object?[] args)
    {
        try
        {
            return string.Format(CultureInfo.InvariantCulture, format, args);
        }
        catch (FormatException)
        {
            // A wrong format is no reason to fail the actor that logs, nor to lose what it had to say.
            return $"{format} [{string.Join(", ", args)}]";
        }
    }
}
