namespace Picket.Actors.Event;

/// <summary>How much a log event matters.</summary>
public enum LogLevel
{
    /// <summary>For who looks for a fault.</summary>
    DebugLevel,

    /// <summary>What happens.</summary>
    InfoLevel,

    /// <summary>What may need care.</summary>
    WarningLevel,

    /// <summary>What failed.</summary>
    ErrorLevel,
}
