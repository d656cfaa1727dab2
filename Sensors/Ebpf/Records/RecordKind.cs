using Picket.Detection.Events;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>
/// What a record of the ring says; also its row in the counters. The numbers are frozen (enum event_kind in bpf/events.h);
/// from 16 on they are those of <see cref="EventKind"/>.
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

    /// <inheritdoc cref="EventKind.FileCreate"/>
    FileCreate = 16,

    /// <inheritdoc cref="EventKind.FileOpen"/>
    FileOpen = 17,

    /// <inheritdoc cref="EventKind.FileModify"/>
    FileModify = 18,

    /// <inheritdoc cref="EventKind.FileAccess"/>
    FileAccess = 19,

    /// <inheritdoc cref="EventKind.FileDelete"/>
    FileDelete = 20,

    /// <inheritdoc cref="EventKind.FileRename"/>
    FileRename = 21,

    /// <inheritdoc cref="EventKind.FileLink"/>
    FileLink = 22,

    /// <inheritdoc cref="EventKind.FileSymlink"/>
    FileSymlink = 23,

    /// <inheritdoc cref="EventKind.DirectoryCreate"/>
    DirectoryCreate = 24,

    /// <inheritdoc cref="EventKind.DirectoryDelete"/>
    DirectoryDelete = 25,

    /// <inheritdoc cref="EventKind.FileMode"/>
    FileMode = 26,

    /// <inheritdoc cref="EventKind.FileOwner"/>
    FileOwner = 27,

    /// <inheritdoc cref="EventKind.FileTruncate"/>
    FileTruncate = 28,

    /// <inheritdoc cref="EventKind.FileNode"/>
    FileNode = 29,

    /// <inheritdoc cref="EventKind.NetworkConnect"/>
    Connect = 32,

    /// <inheritdoc cref="EventKind.NetworkAccept"/>
    Accept = 33,

    /// <inheritdoc cref="EventKind.NetworkAttempt"/>
    Attempt = 34,

    /// <inheritdoc cref="EventKind.NetworkRefused"/>
    Refused = 35,

    /// <inheritdoc cref="EventKind.NetworkBind"/>
    Bind = 36,

    /// <inheritdoc cref="EventKind.NetworkListen"/>
    Listen = 37,

    /// <inheritdoc cref="EventKind.NetworkDatagram"/>
    Datagram = 38,

    /// <inheritdoc cref="EventKind.DnsQuery"/>
    DnsQuery = 48,

    /// <inheritdoc cref="EventKind.DnsAnswer"/>
    DnsAnswer = 49,

    /// <inheritdoc cref="EventKind.SetId"/>
    SetId = 64,

    /// <inheritdoc cref="EventKind.Capset"/>
    Capset = 65,

    /// <inheritdoc cref="EventKind.Ptrace"/>
    Ptrace = 66,

    /// <inheritdoc cref="EventKind.VmWrite"/>
    VmWrite = 67,

    /// <inheritdoc cref="EventKind.Memfd"/>
    Memfd = 68,

    /// <inheritdoc cref="EventKind.Module"/>
    Module = 69,

    /// <inheritdoc cref="EventKind.Bpf"/>
    Bpf = 70,

    /// <inheritdoc cref="EventKind.Mount"/>
    Mount = 71,

    /// <inheritdoc cref="EventKind.Umount"/>
    Umount = 72,

    /// <inheritdoc cref="EventKind.Unshare"/>
    Unshare = 73,

    /// <inheritdoc cref="EventKind.Setns"/>
    Setns = 74,

    /// <inheritdoc cref="EventKind.PivotRoot"/>
    PivotRoot = 75,

    /// <inheritdoc cref="EventKind.Kill"/>
    Kill = 76,

    /// <inheritdoc cref="EventKind.Prctl"/>
    Prctl = 77,

    /// <inheritdoc cref="EventKind.Call"/>
    Call = 78,

    /// <inheritdoc cref="EventKind.Uring"/>
    Uring = 96,
}
