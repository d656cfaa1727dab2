namespace Picket.Sensors.Logs.Syslog;

/// <summary>Names of syslog facilities and severities by number, as syslog.conf(5) and RFC 5424 have them.</summary>
internal static class SyslogNames
{
    private static readonly byte[][] Facilities =
    [
        [.. "kern"u8], [.. "user"u8], [.. "mail"u8], [.. "daemon"u8], [.. "auth"u8], [.. "syslog"u8], [.. "lpr"u8], [.. "news"u8],
        [.. "uucp"u8], [.. "cron"u8], [.. "authpriv"u8], [.. "ftp"u8], [.. "ntp"u8], [.. "security"u8], [.. "console"u8],
        [.. "solaris-cron"u8], [.. "local0"u8], [.. "local1"u8], [.. "local2"u8], [.. "local3"u8], [.. "local4"u8], [.. "local5"u8],
        [.. "local6"u8], [.. "local7"u8],
    ];

    private static readonly byte[][] Severities =
    [
        [.. "emerg"u8], [.. "alert"u8], [.. "crit"u8], [.. "err"u8], [.. "warning"u8], [.. "notice"u8], [.. "info"u8], [.. "debug"u8],
    ];

    /// <summary>The facility's name; empty for a number that none has.</summary>
    public static ReadOnlySpan<byte> Facility(int number) => (uint)number < (uint)Facilities.Length ? Facilities[number] : default; // hot

    /// <summary>The severity's name; empty for a number that none has.</summary>
    public static ReadOnlySpan<byte> Severity(int number) => (uint)number < (uint)Severities.Length ? Severities[number] : default; // hot
}
