namespace Picket.Sensors.Ebpf.Records;

/// <summary>
/// What a record of the ring says; also its row in the counters. The numbers are frozen (enum event_kind in bpf/events.h);
/// from 16 on they are those of <see cref="Detection.Events.EventKind"/>.
/// </summary>
public enum RecordKind : ushort
{
    /// <summary>No kind; never in the ring.</summary>
    None = 0,

    /// <summary>A program was executed.</summary>
    Exec = 1,

    /// <summary>A process was forked.</summary>
    Fork = 2,

    /// <summary>The last thread of a process exited.</summary>
    Exit = 3,

    /// <summary>A process that ran before the programs were attached; laid out as <see cref="Exec"/>.</summary>
    Task = 4,

    /// <summary>A file was made.</summary>
    FileCreate = 16,

    /// <summary>An existing file was opened for writing.</summary>
    FileOpen = 17,

    /// <summary>A file that was written to is settled: closed, or its last writer executed or ended.</summary>
    FileModify = 18,

    /// <summary>A file was opened for reading; only names that rules choose.</summary>
    FileAccess = 19,

    /// <summary>A name of a file was removed.</summary>
    FileDelete = 20,

    /// <summary>A file got another name.</summary>
    FileRename = 21,

    /// <summary>A file got one more name.</summary>
    FileLink = 22,

    /// <summary>A symbolic link was made.</summary>
    FileSymlink = 23,

    /// <summary>A directory was made.</summary>
    DirectoryCreate = 24,

    /// <summary>A directory was removed.</summary>
    DirectoryDelete = 25,

    /// <summary>Permissions of a file were changed.</summary>
    FileMode = 26,

    /// <summary>Owner or group of a file was changed.</summary>
    FileOwner = 27,

    /// <summary>A file was cut or extended by its path or descriptor.</summary>
    FileTruncate = 28,

    /// <summary>A device, a fifo or a socket was made in the file system.</summary>
    FileNode = 29,

    /// <summary>A connection that the process began is established.</summary>
    Connect = 32,

    /// <summary>A connection that the process took is established.</summary>
    Accept = 33,

    /// <summary>The first packet of a connection went out.</summary>
    Attempt = 34,

    /// <summary>An attempt to connect failed.</summary>
    Refused = 35,

    /// <summary>A socket got a local address.</summary>
    Bind = 36,

    /// <summary>A socket waits for connections.</summary>
    Listen = 37,

    /// <summary>The first packet between the process and a peer.</summary>
    Datagram = 38,

    /// <summary>A name was asked for.</summary>
    DnsQuery = 48,

    /// <summary>A name server answered.</summary>
    DnsAnswer = 49,

    /// <summary>The process changed its user or group ids.</summary>
    SetId = 64,

    /// <summary>The process changed its capabilities.</summary>
    Capset = 65,

    /// <summary>The process traces another one, or asked to be traced.</summary>
    Ptrace = 66,

    /// <summary>The process wrote into another one's memory.</summary>
    VmWrite = 67,

    /// <summary>A file in anonymous memory was made.</summary>
    Memfd = 68,

    /// <summary>A kernel module was loaded.</summary>
    Module = 69,

    /// <summary>bpf(2) was called.</summary>
    Bpf = 70,

    /// <summary>A file system was mounted, moved or changed.</summary>
    Mount = 71,

    /// <summary>A mount was removed.</summary>
    Umount = 72,

    /// <summary>The process entered new namespaces.</summary>
    Unshare = 73,

    /// <summary>The process entered a namespace of others.</summary>
    Setns = 74,

    /// <summary>The root of the mount namespace was changed.</summary>
    PivotRoot = 75,

    /// <summary>A signal was sent to another user's process.</summary>
    Kill = 76,

    /// <summary>The process changed its name or its state.</summary>
    Prctl = 77,

    /// <summary>Another system call that a rule names.</summary>
    Call = 78,

    /// <summary>A request of io_uring that is no ordinary file or network event.</summary>
    Uring = 96,
}
