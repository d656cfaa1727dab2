using System.Text;

namespace Picket.Fuzz.Targets;

/// <summary>Lines of each form to begin with, and what they are made of.</summary>
internal static class LogSeeds
{
    private static readonly string[] SyslogLines =
    [
        "<34>1 2026-11-21T15:30:25.123456+01:00 host app 42 ID [a@1 k=\"v\\\"]\"][b] \uFEFFtext",
        "<13>1 - - - - - - text\n<191>Nov 21 15:30:25 host cron[7]: (root) CMD (x)",
        "Feb 29 00:00:60 host sshd[12]: Failed password for root\r\n\n2026-11-21T15:30:25Z host kernel: [1.5] x",
        "Sat Nov 21 15:30:25 2026 [pid 3] CONNECT: Client \"::1\"\nSat Nov  1 15:30:25 2026 -> /x: OK",
        "2026-11-21T15:30:25.5-00:30 host sudo: alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/ls ; x",
        "Nov 21 15:30:25 tag: no host\n\0\0\0after a hole",
        "Nov 21 15:30:25 h kernel: audit: type=1400 audit(1700000000.123:45): apparmor=\"DENIED\"\nno end",
        "Nov 21 15:30:25 h picket[1]: x\n2026-11-21T15:30:25Z h audit[1]: type=1300 audit(1.2:3): arch=c000003e syscall=59",
    ];

    private static readonly string[] AuditLines =
    [
        "type=SYSCALL msg=audit(1700000000.123:456): arch=c000003e syscall=59 success=yes exit=0 a0=7f comm=\"x\" exe=\"/bin/x\" key=(null)\x1D" + "ARCH=x86_64 SYSCALL=execve",
        "node=h type=EXECVE msg=audit(1700000000.123:456): argc=3 a0=\"x\" a1=2D79 a2_len=6 a2[0]=\"ab\" a2[1]=6364",
        "type=USER_CMD msg=audit(1.000:2): pid=1 uid=0 msg='cwd=\"/\" cmd=6C73202D6C terminal=pts/0 res=success'",
        "type=PROCTITLE msg=audit(1.000:2): proctitle=6C73002D6C\ntype=SYSCALL msg=audit(1:2): key=610162",
        "type=AVC msg=audit(1.000:2): avc:  denied  { read } for  pid=1 name=\"x\" scontext=a:b:c tclass=file\nnot an audit record",
    ];

    private static readonly string[] Entries =
    [
        "{\"__CURSOR\":\"s=1;i=2\",\"__REALTIME_TIMESTAMP\":\"1700000000123456\",\"MESSAGE\":\"hello\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"_PID\":\"12\",\"PRIORITY\":\"6\","
            + "\"SYSLOG_FACILITY\":\"4\",\"_HOSTNAME\":\"h\",\"_SYSTEMD_UNIT\":\"ssh.service\",\"_EXE\":\"/usr/sbin/sshd\",\"_UID\":\"0\"}",
        "{\"MESSAGE\":[104,105,10,255],\"_COMM\":\"x\"}\n{\"MESSAGE\":[\"first\",\"second\"],\"A\":null,\"B\":{\"c\":[1]}}",
        "{\"MESSAGE\":\"SYSCALL arch=c000003e syscall=59\",\"_TRANSPORT\":\"audit\",\"_AUDIT_ID\":\"7\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1700000000123456\"}",
        "{\"MESSAGE\":\"alice : TTY=pts/0 ; COMMAND=/bin/ls\",\"SYSLOG_IDENTIFIER\":\"sudo\"}\n{}\n[1]\nnothing",
        "{\"MESSAGE\":[[104,105],[106]],\"SYSLOG_FACILITY\":\"9\"}",
    ];

    private static readonly string[] Words =
    [
        "\n%%\n", "\n", "\r\n", "\0", " ", ": ", "[", "]", "<", ">", "<34>", "<191>1 ", "-", "1 ", "0", "9", "9999", "-12-31", "23:59:60", "1970-01-01T00:00:00Z",
        "2026-11-21T15:30:25Z", ".5", ".123456789", "+14:00", "-14:59", "Z", "Nov 21 15:30:25 ", "Feb 29 ", "Sat Nov 21 15:30:25 2026", "host ", "tag[1]: ",
        "kernel: ", "audit: ", "audit[1]: ", "sudo: ", "picket[", "type=", "node=h ", "type=EXECVE ", "type=SYSCALL ", "msg=audit(1.2:3): ", "msg='", "'", "\"",
        "=", "(null)", "\u001d", "a0=", "a1[0]=", "a1[1]=", "a11[0]=", "41", "6C73", "key=", "arch=c000003e ", "arch=40000003 ", "syscall=59 ", "{", "}", "\\", "\\\"",
        "\\u0041", "\\ud800", ",", ":", "{\"MESSAGE\":\"", "\"MESSAGE\":", "\"_TRANSPORT\":\"audit\"", "\"_AUDIT_ID\":\"1\"", "null", "true", "255", "256", "é",
        " ; ", " : ", "COMMAND=", "USER=root", "[a k=\"v\"]", "\uFEFF", "-> ", "x", "abcdefghijklmnopqrstuvwxyz012345",
    ];

    /// <summary>The inputs.</summary>
    public static IEnumerable<byte[]> All =>
    [
        .. SyslogLines.Select((line, index) => Part(LogsTarget.Syslog | index << 2, line)),
        .. AuditLines.Select((line, index) => Part(LogsTarget.Audit | index << 2, line)),
        .. Entries.Select(entry => Part(LogsTarget.Journal, entry)),
        Part(LogsTarget.Syslog, new string('l', 1_100) + "\nshort"),
        Part(LogsTarget.Syslog | 3 << 2, new string('l', 1_024) + "\n" + new string('m', 1_500)),
        Steps.Joined(Part(LogsTarget.Audit, AuditLines[0]), Part(LogsTarget.Journal, Entries[0])),
    ];

    /// <summary>What mutations insert and put around parts.</summary>
    public static Vocabulary Vocabulary { get; } = Vocabulary.OfTexts(Words, ("\"", "\""), ("[", "]"), ("msg='", "'"), ("{\"MESSAGE\":\"", "\"}"), ("<13>", "\n"));

    private static byte[] Part(int kind, string text) => [(byte)kind, .. Encoding.UTF8.GetBytes(text)];
}
