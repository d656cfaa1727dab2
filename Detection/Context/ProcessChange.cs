namespace Picket.Detection.Context;

/// <summary>What a record changed in the table of processes.</summary>
public enum ProcessChange
{
    /// <summary>Nothing: it was about no process, or told what was known.</summary>
    None = 0,

    /// <summary>A process is known that was not before.</summary>
    Appeared = 1,

    /// <summary>A known process executes something else.</summary>
    Executed = 2,

    /// <summary>A process ended.</summary>
    Ended = 3,

    /// <summary>A known process has other credentials or namespaces.</summary>
    Changed = 4,
}
