using System.Runtime.InteropServices;

namespace Picket.Detection.Events;

/// <summary>
/// The numbers of a process record, as one unmanaged block in the arena (8-byte aligned). A field that the source could
/// not read is 0, an id that is not set is <see cref="uint.MaxValue"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct ProcessDetail
{
    /// <summary>Start of the parent: its group leader's boot time in nanoseconds.</summary>
    public ulong ParentStartNs;

    /// <summary>Effective capabilities as a bit set (capability.h).</summary>
    public ulong CapabilitiesEffective;

    /// <summary>Permitted capabilities.</summary>
    public ulong CapabilitiesPermitted;

    /// <summary>Inheritable capabilities.</summary>
    public ulong CapabilitiesInheritable;

    /// <summary>Bounding set.</summary>
    public ulong CapabilitiesBounding;

    /// <summary>Ambient capabilities.</summary>
    public ulong CapabilitiesAmbient;

    /// <summary>The control group's id (kernfs node id).</summary>
    public ulong CgroupId;

    /// <summary>The executable's inode number.</summary>
    public ulong ImageInode;

    /// <summary>The executable's size in bytes.</summary>
    public ulong ImageSize;

    /// <summary>The executable's status change time, nanoseconds since 1970.</summary>
    public long ImageChangeNs;

    /// <summary>The executable's modification time, nanoseconds since 1970.</summary>
    public long ImageModifyNs;

    /// <summary>The executable's device, kernel encoding (major &lt;&lt; 20 | minor).</summary>
    public uint ImageDevice;

    /// <summary>The executable's mode bits.</summary>
    public uint ImageMode;

    /// <summary>Parent's thread group id.</summary>
    public int ParentPid;

    /// <summary>The process id inside its own pid namespace.</summary>
    public int NamespacePid;

    /// <summary>Real, effective, saved and file system user ids, in the initial user namespace.</summary>
    public uint Uid, EffectiveUid, SavedUid, FsUid;

    /// <summary>Real, effective, saved and file system group ids.</summary>
    public uint Gid, EffectiveGid, SavedGid, FsGid;

    /// <summary>The audit login uid; <see cref="uint.MaxValue"/> when unset.</summary>
    public uint LoginUid;

    /// <summary>The audit session; <see cref="uint.MaxValue"/> when unset.</summary>
    public uint SessionId;

    /// <summary>The controlling terminal's device number; 0 for none.</summary>
    public uint Tty;

    /// <summary>Inode numbers of the namespaces.</summary>
    public uint PidNamespace, MountNamespace, NetNamespace, UserNamespace, UtsNamespace, IpcNamespace, CgroupNamespace;

    /// <summary>Exit status (0 to 255) of a terminated process.</summary>
    public int ExitCode;

    /// <summary>Signal that ended the process; 0 for none.</summary>
    public int ExitSignal;

    /// <summary>Offset in the arena of the argument ends (int each, relative to the command line's start), 0 when absent.</summary>
    public int ArgumentEndsOffset;

    /// <summary>Number of arguments in the table of ends.</summary>
    public int ArgumentCount;

    /// <summary>The same with the credentials and namespaces of another.</summary>
    public readonly ProcessDetail WithStanding(in ProcessDetail other) => this with
    {
        CapabilitiesEffective = other.CapabilitiesEffective,
        CapabilitiesPermitted = other.CapabilitiesPermitted,
        CapabilitiesInheritable = other.CapabilitiesInheritable,
        CapabilitiesBounding = other.CapabilitiesBounding,
        CapabilitiesAmbient = other.CapabilitiesAmbient,
        Uid = other.Uid,
        EffectiveUid = other.EffectiveUid,
        SavedUid = other.SavedUid,
        FsUid = other.FsUid,
        Gid = other.Gid,
        EffectiveGid = other.EffectiveGid,
        SavedGid = other.SavedGid,
        FsGid = other.FsGid,
        LoginUid = other.LoginUid,
        SessionId = other.SessionId,
        PidNamespace = other.PidNamespace,
        MountNamespace = other.MountNamespace,
        NetNamespace = other.NetNamespace,
        UserNamespace = other.UserNamespace,
        UtsNamespace = other.UtsNamespace,
        IpcNamespace = other.IpcNamespace,
        CgroupNamespace = other.CgroupNamespace,
    };

    /// <summary>The same with another parent, such as the one that forked it in place of the one that took it over.</summary>
    public readonly ProcessDetail WithParent(ProcessKey parent) => this with { ParentStartNs = parent.StartNs, ParentPid = parent.Pid };
}
