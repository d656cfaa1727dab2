namespace Picket.Sensors.Ebpf.Calls;

/// <summary>Where a program looks at a system call.</summary>
internal enum CallEdge
{
    /// <summary>Before the kernel does the work: what the caller asks for, which it may still change.</summary>
    Enter,

    /// <summary>After it: with the result.</summary>
    Exit,
}
