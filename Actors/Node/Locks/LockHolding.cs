namespace Picket.Node.Locks;

/// <summary>How a lock is held, in the order in which one of many decides.</summary>
internal enum LockHolding
{
    /// <summary>By nobody.</summary>
    Free,

    /// <summary>By somebody whom the kernel does not name, or who has gone and left it to another.</summary>
    Unknown,

    /// <summary>By a process that has been killed, or ends, and that the kernel still takes apart.</summary>
    Ending,

    /// <summary>By a process that lives.</summary>
    Living,
}
