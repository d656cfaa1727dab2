namespace Picket.Sensors.Logs.Access;

/// <summary>What the thread that reads logs is at.</summary>
internal enum LogWork
{
    /// <summary>Nothing that could wait for somebody else.</summary>
    Own,

    /// <summary>It waits for a change, or for the pool's credit.</summary>
    Wait,

    /// <summary>It writes the positions down.</summary>
    Keep,

    /// <summary>It opens a file.</summary>
    Open,

    /// <summary>It asks what a file is.</summary>
    Stat,

    /// <summary>It reads a file.</summary>
    Read,

    /// <summary>It closes a file.</summary>
    Close,

    /// <summary>It lists a folder.</summary>
    List,

    /// <summary>It has the kernel tell of changes.</summary>
    Watch,
}
