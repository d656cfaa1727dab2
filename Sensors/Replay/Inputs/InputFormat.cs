namespace Picket.Sensors.Replay.Inputs;

/// <summary>What the records of an input are written in.</summary>
public enum InputFormat
{
    /// <summary>Not recognised; where a format is asked for, recognised by the content.</summary>
    Unknown,

    /// <summary>JSON objects: one a line, one behind the other, over several lines, in arrays.</summary>
    Json,

    /// <summary>The log of auditd.</summary>
    Audit,

    /// <summary>Lines of syslog.</summary>
    Syslog,

    /// <summary>Windows' event log files.</summary>
    Evtx,

    /// <summary>Windows events as XML.</summary>
    Xml,
}
