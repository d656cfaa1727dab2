namespace Picket.Sensors.OwnFiles;

/// <summary>What a file of the node's own is for: who changes it may blind the node, misdirect it, or cover his tracks.</summary>
public enum FileArea
{
    /// <summary>The program, its libraries and the compiled kernel programs.</summary>
    Program,

    /// <summary>A configuration file.</summary>
    Configuration,

    /// <summary>Rules in use.</summary>
    Rules,

    /// <summary>What must survive a restart: outbox, journals, positions, the store, the status socket.</summary>
    Data,

    /// <summary>The alert file and those that were rotated away from it.</summary>
    Alerts,

    /// <summary>Maps and links of the kernel's sensor in bpffs.</summary>
    Pins,
}
