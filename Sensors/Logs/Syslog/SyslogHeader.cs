namespace Picket.Sensors.Logs.Syslog;

/// <summary>The parts of a line as <see cref="SyslogParser"/> found them.</summary>
internal record struct SyslogHeader
{
    /// <summary>Makes the header of a line that has none: all of it is its message.</summary>
    public SyslogHeader(int length) => Message = new TextPart(0, length);

    /// <summary>Facility, 0 to 23; -1 when the line does not say.</summary>
    public int Facility { get; set; } = -1;

    /// <summary>Severity, 0 (emergency) to 7 (debug); -1 when the line does not say.</summary>
    public int Severity { get; set; } = -1;

    /// <summary>Nanoseconds since 1970 UTC; 0 when the line does not say.</summary>
    public ulong TimeNs { get; set; }

    /// <summary>The host.</summary>
    public TextPart Host { get; set; }

    /// <summary>The program: APP-NAME or the tag.</summary>
    public TextPart Program { get; set; }

    /// <summary>The digits of the process id.</summary>
    public TextPart Pid { get; set; }

    /// <summary>What was said.</summary>
    public TextPart Message { get; set; }
}
