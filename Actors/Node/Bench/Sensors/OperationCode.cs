namespace Picket.Node.Bench.Sensors;

/// <summary>What the generator did; the numbers are those of tests/Bench/load/load.h.</summary>
internal enum OperationCode : ushort
{
    /// <summary>A process was forked, executed the no-op and ended.</summary>
    Exec = 1,

    /// <summary>A file was created, written and closed.</summary>
    FileCreate = 2,

    /// <summary>It got another name.</summary>
    FileRename = 3,

    /// <summary>It was removed.</summary>
    FileUnlink = 4,

    /// <summary>A connection was made.</summary>
    TcpConnect = 5,

    /// <summary>The same connection was accepted.</summary>
    TcpAccept = 6,

    /// <summary>A name was asked for.</summary>
    DnsQuery = 7,

    /// <summary>The answer came.</summary>
    DnsAnswer = 8,
}
