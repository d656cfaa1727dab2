using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>Credentials and namespaces as the numbers of a process.</summary>
internal static class StandingFields
{
    /// <summary>Copies what the kernel says of a process into <paramref name="detail"/>.</summary>
    public static void Fill(ref ProcessDetail detail, in Surroundings from) // hot
    {
        detail.CapabilitiesEffective = from.Credentials.CapEffective;
        detail.CapabilitiesPermitted = from.Credentials.CapPermitted;
        detail.CapabilitiesInheritable = from.Credentials.CapInheritable;
        detail.CapabilitiesBounding = from.Credentials.CapBounding;
        detail.CapabilitiesAmbient = from.Credentials.CapAmbient;
        detail.CgroupId = from.CgroupId;
        detail.NamespacePid = (int)from.NsPid;
        detail.Uid = from.Credentials.Uid;
        detail.EffectiveUid = from.Credentials.Euid;
        detail.SavedUid = from.Credentials.Suid;
        detail.FsUid = from.Credentials.Fsuid;
        detail.Gid = from.Credentials.Gid;
        detail.EffectiveGid = from.Credentials.Egid;
        detail.SavedGid = from.Credentials.Sgid;
        detail.FsGid = from.Credentials.Fsgid;
        detail.LoginUid = from.Credentials.Loginuid;
        detail.SessionId = from.Credentials.Sessionid;
        detail.PidNamespace = from.Namespaces.Pid;
        detail.MountNamespace = from.Namespaces.Mnt;
        detail.NetNamespace = from.Namespaces.Net;
        detail.UserNamespace = from.Namespaces.User;
        detail.UtsNamespace = from.Namespaces.Uts;
        detail.IpcNamespace = from.Namespaces.Ipc;
        detail.CgroupNamespace = from.Namespaces.Cgroup;
    }
}
