namespace Picket.Node.Guard;

/// <summary>What a look at the node comes to.</summary>
internal enum GuardVerdict
{
    /// <summary>It lives, or what is wrong has been said.</summary>
    Nothing,

    /// <summary>A signal or a tracer holds its process.</summary>
    Halted,

    /// <summary>Its process could run, and no heartbeat comes.</summary>
    Silent,

    /// <summary>Its process has ended, and it did not say goodbye.</summary>
    Ended,

    /// <summary>It said goodbye.</summary>
    Farewell,
}
