namespace Picket.Detection.Events;

/// <summary>The fields of system calls and of what is like them: credentials, tracing, modules, mounts, signals.</summary>
public static class CallFields
{
    /// <summary>The name of the system call, such as <c>setresuid</c>.</summary>
    public static readonly FieldId SystemCall = FieldTable.Intern("SystemCall");

    /// <summary><c>compat</c> for a call through the 32-bit entry; absent otherwise.</summary>
    public static readonly FieldId Entry = FieldTable.Intern("SystemCallEntry");

    /// <summary><c>success</c>, or the name of the error, such as <c>EPERM</c>.</summary>
    public static readonly FieldId Result = FieldTable.Intern("Result");

    /// <summary>What of several things the call was asked for, such as <c>PTRACE_ATTACH</c> or <c>BPF_PROG_LOAD</c>.</summary>
    public static readonly FieldId Request = FieldTable.Intern("Request");

    /// <summary>The call's flags by name, joined by <c>|</c>.</summary>
    public static readonly FieldId Flags = FieldTable.Intern("Flags");

    /// <summary>The real user id after the call.</summary>
    public static readonly FieldId NewUid = FieldTable.Intern("NewUid");

    /// <summary>The effective user id after the call.</summary>
    public static readonly FieldId NewEuid = FieldTable.Intern("NewEuid");

    /// <summary>The saved user id after the call.</summary>
    public static readonly FieldId NewSuid = FieldTable.Intern("NewSuid");

    /// <summary>The file system user id after the call.</summary>
    public static readonly FieldId NewFsuid = FieldTable.Intern("NewFsuid");

    /// <summary>The real group id after the call.</summary>
    public static readonly FieldId NewGid = FieldTable.Intern("NewGid");

    /// <summary>The effective group id after the call.</summary>
    public static readonly FieldId NewEgid = FieldTable.Intern("NewEgid");

    /// <summary>The saved group id after the call.</summary>
    public static readonly FieldId NewSgid = FieldTable.Intern("NewSgid");

    /// <summary>The file system group id after the call.</summary>
    public static readonly FieldId NewFsgid = FieldTable.Intern("NewFsgid");

    /// <summary>The effective capabilities after the call, as in /proc/PID/status: sixteen hexadecimal digits.</summary>
    public static readonly FieldId NewCapEffective = FieldTable.Intern("NewCapEffective");

    /// <summary>The permitted capabilities after the call.</summary>
    public static readonly FieldId NewCapPermitted = FieldTable.Intern("NewCapPermitted");

    /// <summary>The inheritable capabilities after the call.</summary>
    public static readonly FieldId NewCapInheritable = FieldTable.Intern("NewCapInheritable");

    /// <summary>The real user id that the process had.</summary>
    public static readonly FieldId OldUid = FieldTable.Intern("OldUid");

    /// <summary>The effective user id that the process had.</summary>
    public static readonly FieldId OldEuid = FieldTable.Intern("OldEuid");

    /// <summary>The real group id that the process had.</summary>
    public static readonly FieldId OldGid = FieldTable.Intern("OldGid");

    /// <summary>The effective group id that the process had.</summary>
    public static readonly FieldId OldEgid = FieldTable.Intern("OldEgid");

    /// <summary>The effective account that the process had.</summary>
    public static readonly FieldId OldUser = FieldTable.Intern("OldUser");

    /// <summary>The effective capabilities that the process had.</summary>
    public static readonly FieldId OldCapEffective = FieldTable.Intern("OldCapEffective");

    /// <summary>The permitted capabilities that the process had.</summary>
    public static readonly FieldId OldCapPermitted = FieldTable.Intern("OldCapPermitted");

    /// <summary>The kinds of namespaces that are entered, such as <c>mnt|user</c>.</summary>
    public static readonly FieldId Namespaces = FieldTable.Intern("Namespaces");

    /// <summary>The executable of the process that accesses another one.</summary>
    public static readonly FieldId SourceImage = FieldTable.Intern("SourceImage");

    /// <summary>Its process id.</summary>
    public static readonly FieldId SourceProcessId = FieldTable.Intern("SourceProcessId");

    /// <summary>Its entity id.</summary>
    public static readonly FieldId SourceProcessGuid = FieldTable.Intern("SourceProcessGUID");

    /// <summary>Its account.</summary>
    public static readonly FieldId SourceUser = FieldTable.Intern("SourceUser");

    /// <summary>The executable of the process that is accessed.</summary>
    public static readonly FieldId TargetImage = FieldTable.Intern("TargetImage");

    /// <summary>Its arguments.</summary>
    public static readonly FieldId TargetCommandLine = FieldTable.Intern("TargetCommandLine");

    /// <summary>Its process id in the initial namespace.</summary>
    public static readonly FieldId TargetProcessId = FieldTable.Intern("TargetProcessId");

    /// <summary>Its entity id.</summary>
    public static readonly FieldId TargetProcessGuid = FieldTable.Intern("TargetProcessGUID");

    /// <summary>Its account.</summary>
    public static readonly FieldId TargetUser = FieldTable.Intern("TargetUser");

    /// <summary>Its real user id.</summary>
    public static readonly FieldId TargetUid = FieldTable.Intern("TargetUid");

    /// <summary><c>true</c> when the sensor itself or its guard is accessed; absent otherwise.</summary>
    public static readonly FieldId TargetIsSensor = FieldTable.Intern("TargetIsSensor");

    /// <summary><c>true</c> when it is the guard, the process that watches over the sensor; absent otherwise.</summary>
    public static readonly FieldId TargetIsGuard = FieldTable.Intern("TargetIsGuard");

    /// <summary>What is asked of the target, as a number: the request of ptrace, or 0x20 for a write into its memory.</summary>
    public static readonly FieldId GrantedAccess = FieldTable.Intern("GrantedAccess");

    /// <summary>The signal's name; its number where it has none.</summary>
    public static readonly FieldId Signal = FieldTable.Intern("Signal");

    /// <summary>The file of a kernel module; absent where it was given as memory.</summary>
    public static readonly FieldId ImageLoaded = FieldTable.Intern("ImageLoaded");

    /// <summary>The name by which the kernel knows the module; absent where the load failed early.</summary>
    public static readonly FieldId ModuleName = FieldTable.Intern("ModuleName");

    /// <summary>The parameters of a kernel module.</summary>
    public static readonly FieldId Parameters = FieldTable.Intern("Parameters");

    /// <summary>The type of a BPF program or map, such as <c>kprobe</c>.</summary>
    public static readonly FieldId ObjectType = FieldTable.Intern("ObjectType");

    /// <summary>The name of a BPF program or map, or the tracepoint that it is attached to.</summary>
    public static readonly FieldId ObjectName = FieldTable.Intern("ObjectName");

    /// <summary>What is mounted: a device, a folder, or a name.</summary>
    public static readonly FieldId MountSource = FieldTable.Intern("MountSource");

    /// <summary>Where it is mounted, as the caller wrote it.</summary>
    public static readonly FieldId MountTarget = FieldTable.Intern("MountTarget");

    /// <summary>The type of the file system.</summary>
    public static readonly FieldId MountType = FieldTable.Intern("MountType");

    /// <summary>The folder that becomes the root, as the caller wrote it.</summary>
    public static readonly FieldId NewRoot = FieldTable.Intern("NewRoot");

    /// <summary>Where the old root goes, as the caller wrote it.</summary>
    public static readonly FieldId OldRoot = FieldTable.Intern("OldRoot");

    /// <summary>The thread's new name.</summary>
    public static readonly FieldId NewName = FieldTable.Intern("NewName");

    /// <summary>The thread's name until then.</summary>
    public static readonly FieldId OldName = FieldTable.Intern("OldName");

    /// <summary>Argument 0 of the call, in hexadecimal.</summary>
    public static readonly FieldId Argument0 = FieldTable.Intern("Argument0");

    /// <summary>Argument 1 of the call, in hexadecimal.</summary>
    public static readonly FieldId Argument1 = FieldTable.Intern("Argument1");

    /// <summary>Argument 2 of the call, in hexadecimal.</summary>
    public static readonly FieldId Argument2 = FieldTable.Intern("Argument2");

    /// <summary>Argument 3 of the call, in hexadecimal.</summary>
    public static readonly FieldId Argument3 = FieldTable.Intern("Argument3");

    /// <summary>Argument 4 of the call, in hexadecimal.</summary>
    public static readonly FieldId Argument4 = FieldTable.Intern("Argument4");

    /// <summary>Argument 5 of the call, in hexadecimal.</summary>
    public static readonly FieldId Argument5 = FieldTable.Intern("Argument5");

    /// <summary>Where an executed program came from when it has no name in a file system: <c>memfd</c> or <c>deleted</c>.</summary>
    public static readonly FieldId Provenance = FieldTable.Intern("Provenance");
}
