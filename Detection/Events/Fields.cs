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

    /// <summary>The old name of a renamed file, the other name of a linked one, or what a symbolic link says.</summary>
    public static readonly FieldId SourceFilename = FieldTable.Intern("SourceFilename");

    /// <summary>
    /// Where <see cref="TargetFilename"/> comes from: <c>dentry</c> is the kernel's own path of an open file, <c>dirfd</c>, <c>cwd</c> and
    /// <c>caller</c> what the caller wrote, below an open directory, its working directory or its root; symbolic links in it were not
    /// followed.
    /// </summary>
    public static readonly FieldId PathSource = FieldTable.Intern("PathSource");

    /// <summary>The file's inode number.</summary>
    public static readonly FieldId FileInode = FieldTable.Intern("FileInode");

    /// <summary>The file's device, as <c>major:minor</c>.</summary>
    public static readonly FieldId FileDevice = FieldTable.Intern("FileDevice");

    /// <summary>The file's type: file, dir, symlink, fifo, socket, char_device or block_device.</summary>
    public static readonly FieldId FileType = FieldTable.Intern("FileType");

    /// <summary>The file's permissions in octal, with the bits for setuid, setgid and sticky.</summary>
    public static readonly FieldId FileMode = FieldTable.Intern("FileMode");

    /// <summary>The number of the file's owner.</summary>
    public static readonly FieldId FileOwner = FieldTable.Intern("FileOwner");

    /// <summary>The number of the file's group.</summary>
    public static readonly FieldId FileGroup = FieldTable.Intern("FileGroup");

    /// <summary>The file's size in bytes; of a truncation by path the new one.</summary>
    public static readonly FieldId FileSize = FieldTable.Intern("FileSize");

    /// <summary>How a file was opened, such as <c>O_WRONLY|O_TRUNC</c>.</summary>
    public static readonly FieldId OpenFlags = FieldTable.Intern("OpenFlags");

    /// <summary>The permissions that a file or directory is given, in octal, as the caller asked for them.</summary>
    public static readonly FieldId NewMode = FieldTable.Intern("NewMode");

    /// <summary>The number of the owner that a file is given; absent where it stays.</summary>
    public static readonly FieldId NewOwner = FieldTable.Intern("NewOwner");

    /// <summary>The number of the group that a file is given; absent where it stays.</summary>
    public static readonly FieldId NewGroup = FieldTable.Intern("NewGroup");

    /// <summary>What ended the changes of a file: close, dup, close_range, exec or exit.</summary>
    public static readonly FieldId SettledBy = FieldTable.Intern("SettledBy");

    /// <summary>
    /// What is unusual about a file's event, joined by <c>|</c>: cut, source_cut, detached, deleted, text_cut, text_unread, text_changed,
    /// io_uring, mapped, unsure, compat, gone, unfinished.
    /// </summary>
    public static readonly FieldId FileFlags = FieldTable.Intern("FileFlags");

    /// <summary>The name of the system call, or of the operation of io_uring.</summary>
    public static readonly FieldId SystemCall = FieldTable.Intern("SystemCall");

    /// <summary>Hashes as Sysmon writes them, such as <c>SHA256=..,MD5=..</c>.</summary>
    public static readonly FieldId Hashes = FieldTable.Intern("Hashes");

    /// <summary>The event's number in its provider, as Windows channels carry it.</summary>
    public static readonly FieldId EventId = FieldTable.Intern("EventID");

    /// <summary>The Windows channel.</summary>
    public static readonly FieldId Channel = FieldTable.Intern("Channel");
}
