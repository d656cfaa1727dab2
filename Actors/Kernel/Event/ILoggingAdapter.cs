namespace Picket.Actors.Event;

/// <summary>Says things under one source. Formats are composite formats of .NET; nothing is formatted that nobody hears.</summary>
public interface ILoggingAdapter
{
    /// <summary>Whether debug events go out.</summary>
    bool IsDebugEnabled { get; }

    /// <summary>Whether info events go out.</summary>
    bool IsInfoEnabled { get; }

    /// <summary>Whether warnings go out.</summary>
    bool IsWarningEnabled { get; }

    /// <summary>Whether errors go out.</summary>
    bool IsErrorEnabled { get; }

    /// <summary>Whether events of that level go out.</summary>
    bool IsEnabled(LogLevel logLevel);

    /// <summary>For who looks for a fault.</summary>
    void Debug(string format, params object?[] args);

    /// <summary>For who looks for a fault.</summary>
    void Debug(Exception? cause, string format, params object?[] args);

    /// <summary>What happens.</summary>
    void Info(string format, params object?[] args);

    /// <summary>What happens.</summary>
    void Info(Exception? cause, string format, params object?[] args);

    /// <summary>What may need care.</summary>
    void Warning(string format, params object?[] args);

    /// <summary>What may need care.</summary>
    void Warning(Exception? cause, string format, params object?[] args);

    /// <summary>What failed.</summary>
    void Error(string format, params object?[] args);

    /// <summary>What failed.</summary>
    void Error(Exception? cause, string format, params object?[] args);

    /// <summary>At a level of choice.</summary>
    void Log(LogLevel logLevel, string format, params object?[] args);
}
