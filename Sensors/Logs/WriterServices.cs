using Picket.Detection.Events;

namespace Picket.Sensors.Logs;

/// <summary>
/// The Sigma service of the program that wrote a line. Nearly always it has the program's name; these programs belong to a service of
/// another name.
/// </summary>
internal static class WriterServices
{
    private static readonly (byte[] Program, string Service)[] Others =
    [
        ([.. "crond"u8], "cron"), ([.. "crontab"u8], "cron"), ([.. "anacron"u8], "cron"), ([.. "cronie"u8], "cron"), ([.. "atd"u8], "cron"),
        ([.. "sshd-session"u8], "sshd"), ([.. "sshd-auth"u8], "sshd"),
        ([.. "guacd"u8], "guacamole"),
        ([.. "clamd"u8], "clamav"), ([.. "clamscan"u8], "clamav"), ([.. "clamonacc"u8], "clamav"), ([.. "freshclam"u8], "clamav"),
        ([.. "clamav-milter"u8], "clamav"), ([.. "clamav-daemon"u8], "clamav"),
        ([.. "audispd"u8], "auditd"), ([.. "audisp-syslog"u8], "auditd"),
    ];

    /// <summary>The service's number; 0 for one that no rule has named.</summary>
    /// <param name="program">The program as the line has it: a name in any case, or a path.</param>
    public static byte Find(ReadOnlySpan<byte> program) // hot
    {
        program = program[(program.LastIndexOf((byte)'/') + 1)..];
        foreach (var (name, service) in Others)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(program, name)) return KnownOnly(EventRouteTable.Find(service));
        }

        return EventRouteTable.FindKnown(program);
    }

    private static byte KnownOnly(byte number) => number == EventRouteTable.NoRules ? (byte)0 : number;
}
