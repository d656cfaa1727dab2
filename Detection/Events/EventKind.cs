namespace Picket.Detection.Events;

/// <summary>What an event says happened. The numbers leave the process (journals, counters): they are frozen by a test.</summary>
public enum EventKind : byte
{
    /// <summary>A record whose kind its source did not say, such as a replayed line without a log source.</summary>
    Unknown = 0,

    /// <summary>A program was executed (Sigma category <c>process_creation</c>).</summary>
    ProcessCreation = 1,

    /// <summary>A process was forked: it shares its parent's program until it executes one of its own.</summary>
    ProcessFork = 2,

    /// <summary>The last thread of a process ended (Sigma category <c>process_termination</c>).</summary>
    ProcessTermination = 3,

    /// <summary>A process that ran before the sensor did, as the task iterator found it. It feeds contexts, never rules.</summary>
    ProcessSnapshot = 4,

    /// <summary>A file was made. Sigma category <c>file_event</c>.</summary>
    FileCreate = 16,

    /// <summary>An existing file was opened for writing. Sigma category <c>file_event</c>.</summary>
    FileOpen = 17,

    /// <summary>
    /// A file that was written to is settled: closed, or its last writer executed or ended. Sigma category <c>file_change</c>.
    /// </summary>
    FileModify = 18,

    /// <summary>A file was opened for reading; only names that rules choose. Sigma category <c>file_access</c>.</summary>
    FileAccess = 19,

    /// <summary>A name of a file was removed. Sigma category <c>file_delete</c>.</summary>
    FileDelete = 20,

    /// <summary>A file got another name. Sigma category <c>file_rename</c>.</summary>
    FileRename = 21,

    /// <summary>A file got one more name. Sigma category <c>file_link</c>.</summary>
    FileLink = 22,

    /// <summary>A symbolic link was made. Sigma category <c>file_symlink</c>.</summary>
    FileSymlink = 23,

    /// <summary>A directory was made. Sigma category <c>directory_create</c>.</summary>
    DirectoryCreate = 24,

    /// <summary>A directory was removed. Sigma category <c>directory_delete</c>.</summary>
    DirectoryDelete = 25,

    /// <summary>Permissions of a file were changed. Sigma category <c>file_mode</c>.</summary>
    FileMode = 26,

    /// <summary>Owner or group of a file was changed. Sigma category <c>file_owner</c>.</summary>
    FileOwner = 27,

    /// <summary>A file was cut or extended by its path or descriptor. Sigma category <c>file_change</c>.</summary>
    FileTruncate = 28,

    /// <summary>A device, a fifo or a socket was made in the file system. Sigma category <c>file_node</c>.</summary>
    FileNode = 29,

    /// <summary>A connection that the process began is established. Sigma category <c>network_connection</c>.</summary>
    NetworkConnect = 32,

    /// <summary>A connection that the process took is established. Sigma category <c>network_connection</c>.</summary>
    NetworkAccept = 33,

    /// <summary>The first packet of a connection went out. Sigma category <c>network_attempt</c>.</summary>
    NetworkAttempt = 34,

    /// <summary>An attempt to connect failed. Sigma category <c>network_refused</c>.</summary>
    NetworkRefused = 35,

    /// <summary>A socket got a local address. Sigma category <c>network_bind</c>.</summary>
    NetworkBind = 36,

    /// <summary>A socket waits for connections. Sigma category <c>network_listen</c>.</summary>
    NetworkListen = 37,

    /// <summary>The first packet between the process and a peer. Sigma category <c>network_connection</c>.</summary>
    NetworkDatagram = 38,

    /// <summary>A name was asked for. Sigma category <c>dns_query</c>.</summary>
    DnsQuery = 48,

    /// <summary>A name server answered. Sigma category <c>dns_answer</c>.</summary>
    DnsAnswer = 49,

    /// <summary>The process changed its user or group ids. Sigma category <c>setid</c>.</summary>
    SetId = 64,

    /// <summary>The process changed its capabilities. Sigma category <c>capset</c>.</summary>
    Capset = 65,

    /// <summary>The process traces another one, or asked to be traced. Sigma category <c>process_access</c>.</summary>
    Ptrace = 66,

    /// <summary>The process wrote into another one's memory. Sigma category <c>process_access</c>.</summary>
    VmWrite = 67,

    /// <summary>A file in anonymous memory was made. Sigma category <c>memfd_create</c>.</summary>
    Memfd = 68,

    /// <summary>A kernel module was loaded. Sigma category <c>driver_load</c>.</summary>
    Module = 69,

    /// <summary>bpf(2) was called. Sigma category <c>bpf</c>.</summary>
    Bpf = 70,

    /// <summary>A file system was mounted, moved or changed. Sigma category <c>mount</c>.</summary>
    Mount = 71,

    /// <summary>A mount was removed. Sigma category <c>umount</c>.</summary>
    Umount = 72,

    /// <summary>The process entered new namespaces. Sigma category <c>unshare</c>.</summary>
    Unshare = 73,

    /// <summary>The process entered a namespace of others. Sigma category <c>setns</c>.</summary>
    Setns = 74,

    /// <summary>The root of the mount namespace was changed. Sigma category <c>pivot_root</c>.</summary>
    PivotRoot = 75,

    /// <summary>A signal was sent to another user's process. Sigma category <c>kill</c>.</summary>
    Kill = 76,

    /// <summary>The process changed its name or its state. Sigma category <c>prctl</c>.</summary>
    Prctl = 77,

    /// <summary>Another system call that a rule names. Sigma category <c>system_call</c>.</summary>
    Call = 78,

    /// <summary>A request of io_uring that is no ordinary file or network event. Sigma category <c>io_uring</c>.</summary>
    Uring = 96,

    /// <summary>A line of a log file or of the journal (Sigma services such as <c>sshd</c>, <c>auth</c>, <c>cron</c>).</summary>
    LogLine = 112,

    /// <summary>A record of the audit system (Sigma service <c>auditd</c>): a line of its log, or one made of a kernel event.</summary>
    AuditRecord = 113,
}
