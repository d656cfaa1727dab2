namespace Picket.Sensors.Linux;

/// <summary>Names of the errors that a connection can end with (asm-generic/errno.h).</summary>
internal static class ErrorNames
{
    /// <summary>The name of <paramref name="error"/>; empty for one that has none here.</summary>
    public static ReadOnlySpan<byte> Of(uint error) => error switch // hot
    {
        1 => "EPERM"u8,
        11 => "EAGAIN"u8,
        12 => "ENOMEM"u8,
        13 => "EACCES"u8,
        22 => "EINVAL"u8,
        32 => "EPIPE"u8,
        71 => "EPROTO"u8,
        90 => "EMSGSIZE"u8,
        92 => "ENOPROTOOPT"u8,
        95 => "EOPNOTSUPP"u8,
        98 => "EADDRINUSE"u8,
        99 => "EADDRNOTAVAIL"u8,
        100 => "ENETDOWN"u8,
        101 => "ENETUNREACH"u8,
        102 => "ENETRESET"u8,
        103 => "ECONNABORTED"u8,
        104 => "ECONNRESET"u8,
        105 => "ENOBUFS"u8,
        110 => "ETIMEDOUT"u8,
        111 => "ECONNREFUSED"u8,
        112 => "EHOSTDOWN"u8,
        113 => "EHOSTUNREACH"u8,
        _ => default,
    };
}
