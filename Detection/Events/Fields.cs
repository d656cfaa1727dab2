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

    /// <summary>
    /// The real user id's digits, which is what Sysmon for Linux puts there: 0 for a daemon of root's as for root's own login.
    /// </summary>
    public static readonly FieldId LogonId = FieldTable.Intern("LogonId");

    /// <summary>The audit session's digits; empty where none was set.</summary>
    public static readonly FieldId TerminalSessionId = FieldTable.Intern("TerminalSessionId");

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
    /// followed; <c>resolved</c> is where that led right after the call.
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

    /// <summary>How a file was renamed, such as <c>RENAME_EXCHANGE</c>: then there are two events, one for each name.</summary>
    public static readonly FieldId RenameFlags = FieldTable.Intern("RenameFlags");

    /// <summary>What ended the changes of a file: close, dup, close_range, exec or exit.</summary>
    public static readonly FieldId SettledBy = FieldTable.Intern("SettledBy");

    /// <summary>
    /// What is unusual about a file's event, joined by <c>|</c>: cut, source_cut, detached, deleted, text_cut, text_unread, text_changed,
    /// io_uring, mapped, unsure, compat, gone, unfinished, unresolved.
    /// </summary>
    public static readonly FieldId FileFlags = FieldTable.Intern("FileFlags");

    /// <summary>The name of the system call, or of the operation of io_uring.</summary>
    public static readonly FieldId SystemCall = FieldTable.Intern("SystemCall");

    /// <summary>The address of the end that began a connection, or sent the first datagram.</summary>
    public static readonly FieldId SourceIp = FieldTable.Intern("SourceIp");

    /// <summary>Its port.</summary>
    public static readonly FieldId SourcePort = FieldTable.Intern("SourcePort");

    /// <summary>The name that a name server gave its address for, where this host asked.</summary>
    public static readonly FieldId SourceHostname = FieldTable.Intern("SourceHostname");

    /// <summary>Whether it is an IPv6 address.</summary>
    public static readonly FieldId SourceIsIpv6 = FieldTable.Intern("SourceIsIpv6");

    /// <summary>The address of the end that was connected to; of a socket that is bound or listens, its own.</summary>
    public static readonly FieldId DestinationIp = FieldTable.Intern("DestinationIp");

    /// <summary>Its port.</summary>
    public static readonly FieldId DestinationPort = FieldTable.Intern("DestinationPort");

    /// <summary>The name that a name server gave its address for, where this host asked.</summary>
    public static readonly FieldId DestinationHostname = FieldTable.Intern("DestinationHostname");

    /// <summary>Whether it is an IPv6 address.</summary>
    public static readonly FieldId DestinationIsIpv6 = FieldTable.Intern("DestinationIsIpv6");

    /// <summary>Whether this host's end began it.</summary>
    public static readonly FieldId Initiated = FieldTable.Intern("Initiated");

    /// <summary>The transport, such as <c>tcp</c>, or the number of a protocol without a name here.</summary>
    public static readonly FieldId Protocol = FieldTable.Intern("Protocol");

    /// <summary>Inode of the socket's network namespace, as in /proc/PID/ns/net.</summary>
    public static readonly FieldId NetworkNamespace = FieldTable.Intern("NetworkNamespace");

    /// <summary>
    /// Why a connection failed: the name of the error, such as <c>ECONNREFUSED</c>; <c>closed</c> where its process gave up.
    /// </summary>
    public static readonly FieldId ErrorName = FieldTable.Intern("ErrorName");

    /// <summary>The name that a name server was asked for, in lower case.</summary>
    public static readonly FieldId QueryName = FieldTable.Intern("QueryName");

    /// <summary>The record type that was asked for, such as <c>AAAA</c>.</summary>
    public static readonly FieldId QueryType = FieldTable.Intern("QueryType");

    /// <summary>The answer's code; 0 for no error, 3 for a name that does not exist.</summary>
    public static readonly FieldId QueryStatus = FieldTable.Intern("QueryStatus");

    /// <summary>The answers as Sysmon writes them: each address, and <c>type:  5 name</c> for others, with a semicolon behind it.</summary>
    public static readonly FieldId QueryResults = FieldTable.Intern("QueryResults");

    /// <summary><c>true</c> on an answer that no query of that socket waits for: a guess at one, or a late one.</summary>
    public static readonly FieldId Unsolicited = FieldTable.Intern("Unsolicited");

    /// <summary><c>true</c> on a packet to or from a name server that is no DNS message.</summary>
    public static readonly FieldId Malformed = FieldTable.Intern("Malformed");

    /// <summary>Hashes as Sysmon writes them, such as <c>SHA256=..,MD5=..</c>.</summary>
    public static readonly FieldId Hashes = FieldTable.Intern("Hashes");

    /// <summary>The MD5 of the executable, in hexadecimal.</summary>
    public static readonly FieldId Md5 = FieldTable.Intern("md5");

    /// <summary>The SHA-1 of the executable, in hexadecimal.</summary>
    public static readonly FieldId Sha1 = FieldTable.Intern("sha1");

    /// <summary>The SHA-256 of the executable, in hexadecimal.</summary>
    public static readonly FieldId Sha256 = FieldTable.Intern("sha256");

    /// <summary>The event's number in its provider, as Windows channels carry it.</summary>
    public static readonly FieldId EventId = FieldTable.Intern("EventID");

    /// <summary>The Windows channel.</summary>
    public static readonly FieldId Channel = FieldTable.Intern("Channel");
}
