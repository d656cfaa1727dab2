namespace Picket.Actors.Event;

/// <summary>Says things under one source. Formats are composite formats of .NET; nothing is formatted that nobody hears.</summary>
public interface ILoggingAdapter
{
    /// <summary>Whether debug events go out.</summary>
    bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

    /// <summary>Whether info events go out.</summary>
    bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

    /// <summary>Whether warnings go out.</summary>
    bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

    /// <summary>Whether errors go out.</summary>
    bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

    /// <summary>Whether events of that level go out.</summary>
    bool IsEnabled(LogLevel logLevel);

    /// <summary>At a level of choice, with what was thrown.</summary>
    void Log(LogLevel logLevel, Exception? cause, string format, params object?[] args);

    /// <summary>At a level of choice.</summary>
    void Log(LogLevel logLevel, string format, params object?[] args) => Log(logLevel, null, format, args);

    /// <summary>For who looks for a fault.</summary>
    void Debug(string format, params object?[] args) => Log(LogLevel.DebugLevel, null, format, args);

    /// <summary>For who looks for a fault.</summary>
    void Debug(Exception? cause, string format, params object?[] args) => Log(LogLevel.DebugLevel, cause, format, args);

    /// <summary>What happens.</summary>
    void Info(string format, params object?[] args) => Log(LogLevel.InfoLevel, null, format, args);

    /// <summary>What happens.</summary>
    void Info(Exception? cause, string format, params object?[] args) => Log(LogLevel.InfoLevel, cause, format, args);

    /// <summary>What may need care.</summary>
    void Warning(string format, params object?[] args) => Log(LogLevel.WarningLevel, null, format, args);

    /// <summary>What may need care.</summary>
    void Warning(Exception? cause, string format, params object?[] args) => Log(LogLevel.WarningLevel, cause, format, args);

    /// <summary>What failed.</summary>
    void Error(string format, params object?[] args) => Log(LogLevel.ErrorLevel, null, format, args);

    /// <summary>What failed.</summary>
    void Error(Exception? cause, string format, params object?[] args) => Log(LogLevel.ErrorLevel, cause, format, args);
}
