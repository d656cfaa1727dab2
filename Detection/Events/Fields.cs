namespace Picket.Detection.Events;

/// <summary>The fields that Picket itself supplies or reads, under Sigma's taxonomy names (Sysmon's) on every system.</summary>
public static class Fields
{
    /// <summary>Path of the executable as the root of the process's mount namespace sees it.</summary>
    public static readonly FieldId Image = FieldTable.Intern("Image");

    /// <summary>The arguments, joined by one space each.</summary>
    public static readonly FieldId CommandLine = FieldTable.Intern("CommandLine");

    /// <summary>The working directory.</summary>
    public static readonly FieldId CurrentDirectory = FieldTable.Intern("CurrentDirectory");

    /// <summary>The first argument, as the caller chose it.</summary>
    public static readonly FieldId Argv0 = FieldTable.Intern("Argv0");

    /// <summary>The account's name, or its number where the name is not known.</summary>
    public static readonly FieldId User = FieldTable.Intern("User");

    /// <summary>The audit session id; empty where none was set.</summary>
    public static readonly FieldId LogonId = FieldTable.Intern("LogonId");

    /// <summary>The audit login uid's account name.</summary>
    public static readonly FieldId LoginUser = FieldTable.Intern("LoginUser");

    /// <summary>The process id in the initial namespace.</summary>
    public static readonly FieldId ProcessId = FieldTable.Intern("ProcessId");

    /// <summary>The parent's process id.</summary>
    public static readonly FieldId ParentProcessId = FieldTable.Intern("ParentProcessId");

    /// <summary>The parent's executable.</summary>
    public static readonly FieldId ParentImage = FieldTable.Intern("ParentImage");

    /// <summary>The parent's arguments, joined.</summary>
    public static readonly FieldId ParentCommandLine = FieldTable.Intern("ParentCommandLine");

    /// <summary>The parent's account.</summary>
    public static readonly FieldId ParentUser = FieldTable.Intern("ParentUser");

    /// <summary>The process's entity id.</summary>
    public static readonly FieldId ProcessGuid = FieldTable.Intern("ProcessGuid");

    /// <summary>The parent's entity id.</summary>
    public static readonly FieldId ParentProcessGuid = FieldTable.Intern("ParentProcessGuid");

    /// <summary>The script that the interpreter in <see cref="Image"/> runs.</summary>
    public static readonly FieldId Script = FieldTable.Intern("Script");

    /// <summary>The controlling terminal, such as <c>pts/3</c>.</summary>
    public static readonly FieldId Tty = FieldTable.Intern("Tty");

    /// <summary>The root directory of a process that was chrooted, as its mount namespace sees it.</summary>
    public static readonly FieldId RootDirectory = FieldTable.Intern("RootDirectory");

    /// <summary>The process's control group, as a path below the hierarchy's root.</summary>
    public static readonly FieldId CgroupPath = FieldTable.Intern("CgroupPath");

    /// <summary>The id of the container that the process runs in.</summary>
    public static readonly FieldId ContainerId = FieldTable.Intern("ContainerId");

    /// <summary>What runs the container, such as <c>docker</c> or <c>cri-o</c>.</summary>
    public static readonly FieldId ContainerRuntime = FieldTable.Intern("ContainerRuntime");

    /// <summary>The uid of the Kubernetes pod that the container belongs to.</summary>
    public static readonly FieldId PodUid = FieldTable.Intern("PodUid");

    /// <summary>The value of LD_PRELOAD in the environment.</summary>
    public static readonly FieldId LdPreload = FieldTable.Intern("LdPreload");

    /// <summary>The value of LD_LIBRARY_PATH in the environment.</summary>
    public static readonly FieldId LdLibraryPath = FieldTable.Intern("LdLibraryPath");

    /// <summary>The value of LD_AUDIT in the environment.</summary>
    public static readonly FieldId LdAudit = FieldTable.Intern("LdAudit");

    /// <summary>The value of SSH_CONNECTION in the environment: where the login came from.</summary>
    public static readonly FieldId SshConnection = FieldTable.Intern("SshConnection");

    /// <summary>The thread name that the kernel keeps (at most 15 bytes).</summary>
    public static readonly FieldId ThreadName = FieldTable.Intern("ThreadName");

    /// <summary>The status that the process ended with.</summary>
    public static readonly FieldId ExitCode = FieldTable.Intern("ExitCode");

    /// <summary>The signal that ended the process; 0 for none.</summary>
    public static readonly FieldId ExitSignal = FieldTable.Intern("ExitSignal");

    /// <summary>The file that an event is about.</summary>
    public static readonly FieldId TargetFilename = FieldTable.Intern("TargetFilename");

    /// <summary>Hashes as Sysmon writes them, such as <c>SHA256=..,MD5=..</c>.</summary>
    public static readonly FieldId Hashes = FieldTable.Intern("Hashes");

    /// <summary>The event's number in its provider, as Windows channels carry it.</summary>
    public static readonly FieldId EventId = FieldTable.Intern("EventID");

    /// <summary>The Windows channel.</summary>
    public static readonly FieldId Channel = FieldTable.Intern("Channel");
}
