using System.Globalization;

namespace Picket.Sensors.Logs.Audit;

/// <summary>Names of audit record types by number, as linux/audit.h has them: the kernel's own lines carry the number.</summary>
internal static class AuditTypes
{
    private static readonly Dictionary<int, byte[]> Names = new()
    {
        [1100] = [.. "USER_AUTH"u8], [1101] = [.. "USER_ACCT"u8], [1102] = [.. "USER_MGMT"u8], [1103] = [.. "CRED_ACQ"u8],
        [1104] = [.. "CRED_DISP"u8], [1105] = [.. "USER_START"u8], [1106] = [.. "USER_END"u8], [1107] = [.. "USER_AVC"u8],
        [1112] = [.. "USER_LOGIN"u8], [1113] = [.. "USER_LOGOUT"u8], [1114] = [.. "ADD_USER"u8], [1115] = [.. "DEL_USER"u8],
        [1116] = [.. "ADD_GROUP"u8], [1117] = [.. "DEL_GROUP"u8], [1123] = [.. "USER_CMD"u8], [1124] = [.. "USER_TTY"u8],
        [1130] = [.. "SERVICE_START"u8], [1131] = [.. "SERVICE_STOP"u8], [1300] = [.. "SYSCALL"u8], [1302] = [.. "PATH"u8],
        [1303] = [.. "IPC"u8], [1304] = [.. "SOCKETCALL"u8], [1305] = [.. "CONFIG_CHANGE"u8], [1306] = [.. "SOCKADDR"u8],
        [1307] = [.. "CWD"u8], [1309] = [.. "EXECVE"u8], [1314] = [.. "FD_PAIR"u8], [1318] = [.. "OBJ_PID"u8], [1319] = [.. "TTY"u8],
        [1320] = [.. "EOE"u8], [1321] = [.. "BPRM_FCAPS"u8], [1322] = [.. "CAPSET"u8], [1323] = [.. "MMAP"u8],
        [1325] = [.. "NETFILTER_CFG"u8], [1326] = [.. "SECCOMP"u8], [1327] = [.. "PROCTITLE"u8], [1330] = [.. "KERN_MODULE"u8],
        [1331] = [.. "FANOTIFY"u8], [1334] = [.. "BPF"u8], [1335] = [.. "EVENT_LISTENER"u8], [1400] = [.. "AVC"u8],
        [1700] = [.. "ANOM_PROMISCUOUS"u8], [1701] = [.. "ANOM_ABEND"u8], [1702] = [.. "ANOM_LINK"u8],
    };

    /// <summary>The name of the type that <paramref name="digits"/> number; the digits themselves where it has none here.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Names.TryGetValue(number, out var name)
            ? name
            : digits;
}
