using System.Globalization;
using System.Text;
using System.Text.Json;
using Picket.Detection.Events;
using static Picket.Spec.Logs.Lines;

namespace Picket.Spec.Logs;

public sealed class AuditDecoderTests
{
    private const string Head = "msg=audit(1481076992.414:385): ";

    [Theory]
    [InlineData("type=EXECVE " + Head + "argc=3 a0=\"chmod\" a1=777 a2=2F746D702F612062", "a0=chmod;a1=777;a2=/tmp/a b;argc=3")]
    [InlineData("type=EXECVE " + Head + "argc=2 a0=\"sh\" a1=ABBA", "a0=sh;a1=\u00AB\u00BA")]
    [InlineData("type=SYSCALL " + Head + "arch=c000003e syscall=59 a0=40 key=\"k\"", "SYSCALL=execve;a0=40;key=k;arch=c000003e;syscall=59")]
    [InlineData("type=SYSCALL " + Head + "arch=40000003 syscall=11", "SYSCALL=execve")]
    [InlineData("type=SYSCALL " + Head + "arch=c000003e syscall=9999", "SYSCALL=")]
    [InlineData("type=SYSCALL " + Head + "arch=c00000b7 syscall=221 uid=0\u001DARCH=aarch64 SYSCALL=execve UID=\"root\"", "SYSCALL=execve;UID=root;uid=0;ARCH=aarch64")]
    [InlineData("type=PATH " + Head + "item=0 name=2F746D702F2E782079 inode=3 nametype=CREATE", "name=/tmp/.x y;nametype=CREATE;inode=3")]
    [InlineData("type=PATH " + Head + "name=41 nametype=CREATE", "name=A;nametype=CREATE")]
    [InlineData("type=PATH " + Head + "name=412 nametype=CREATE", "name=412;nametype=CREATE")]
    [InlineData("type=PROCTITLE " + Head + "proctitle=6C73002D6C", "proctitle=ls -l")]
    [InlineData("type=SERVICE_STOP " + Head + "pid=1 uid=0 msg='unit=firewalld comm=\"systemd\" exe=\"/usr/lib/systemd/systemd\" hostname=? res=success'", "unit=firewalld;comm=systemd;pid=1;res=success")]
    [InlineData("type=USER_CMD " + Head + "pid=9 msg='cwd=\"/root\" cmd=6964202D75 terminal=pts/0 res=success'\u001DUID=\"alice\"", "cmd=id -u;cwd=/root;terminal=pts/0;UID=alice")]
    [InlineData("type=USER_ACCT " + Head + "user pid=4 msg='PAM: accounting acct=\"root\" : exe=\"/usr/sbin/crond\" (hostname=?, addr=?, terminal=cron res=success)'", "acct=root;exe=/usr/sbin/crond;hostname=?;res=success")]
    [InlineData("node=web1 type=ADD_USER " + Head + "pid=1 msg='op=add-user acct=\"bob\" res=success'", "host=web1;type=ADD_USER;acct=bob;serial=385")]
    [InlineData("type=1300 " + Head + "arch=c000003e syscall=2", "type=SYSCALL;SYSCALL=open")]
    [InlineData("type=EXECVE " + Head + "argc=2 a0=\"sh\" a1_len=9 a1[0]=\"abcd\" a1[1]=6520 a1[2]=\"xyz\" a2=\"q\"", "a1=abcde xyz;a2=q;a0=sh")]
    [InlineData("type=UNKNOWN[1339] " + Head + "x=", "type=UNKNOWN[1339];x=")]
    public void A_record_has_its_pairs_as_fields(string line, string expected)
    {
        // Fields get ids when something asks for them.
        foreach (var pair in expected.Split(';')) FieldTable.Intern(pair[..pair.IndexOf('=')]);

        var batch = Record("auditd", line);

        Assert.Equal(EventKind.AuditRecord, batch.View(0).Record.Kind);
        foreach (var pair in expected.Split(';'))
        {
            var (name, value) = (pair[..pair.IndexOf('=')], pair[(pair.IndexOf('=') + 1)..]);
            var bytes = batch.View(0).First(FieldTable.Intern(name)).Text;
            Assert.Equal((name, value), (name, name == "a1" && value.Contains('\u00AB') ? Encoding.Latin1.GetString(bytes) : Encoding.UTF8.GetString(bytes)));
        }

        Assert.Equal("log", First(batch, "AuditSource"));
        Assert.Equal(1481076992414000000UL, batch.View(0).Record.TimeNs);
    }

    [Fact]
    public void A_message_in_a_message_is_a_value_so_that_no_line_goes_deep()
    {
        FieldTable.Intern("msg");
        var nested = Record("auditd", "type=USER_CMD " + Head + "msg='a=1 msg='res=2 c=3''");
        Assert.Equal("'res=2", First(nested, "msg"));
        Assert.Empty(All(nested, "res"));
        var begun = string.Concat(Enumerable.Repeat("msg='", 200_000));
        Assert.Equal(EventKind.AuditRecord, Record("auditd", "type=USER_CMD " + Head + begun).View(0).Record.Kind);
    }

    [Fact]
    public void Several_keys_are_several_values_and_no_key_is_null()
    {
        Assert.Equal(["one", "two"], All(Record("auditd", "type=SYSCALL " + Head + "key=6F6E650174776F"), "key"));
        Assert.Equal(["null"], All(Record("auditd", "type=SYSCALL " + Head + "key=(null)"), "key"));
        Assert.Empty(All(Record("auditd", "type=SYSCALL " + Head + "pid=1"), "key"));
    }

    [Fact]
    public void What_a_program_wrote_cannot_end_its_quotes_or_replace_what_the_kernel_says()
    {
        FieldTable.Intern("res");
        var batch = Record("auditd", "type=USER_CMD " + Head + "pid=9 uid=1000 msg='cwd=\"/\" cmd=\"x' uid=0 exe=\"/bin/ls\" res=success'");

        Assert.Equal("1000", First(batch, "uid"));
        Assert.Equal("success", First(batch, "res"));
    }

    [Theory]
    [InlineData("kernel", "audit: type=1400 audit(1481076992.414:385): apparmor=\"DENIED\" pid=77", EventKind.AuditRecord)]
    [InlineData("audispd", "node=h type=SYSCALL msg=audit(1481076992.414:385): pid=77", EventKind.AuditRecord)]
    [InlineData("logger", "type=SYSCALL msg=audit(1481076992.414:385): pid=77", EventKind.LogLine)]
    public void Audit_records_in_syslog_are_found_where_the_system_writes_them(string program, string message, EventKind kind) =>
        Assert.Equal(kind, Record("syslog", $"Mar  3 15:30:25 h {program}: {message}").View(0).Record.Kind);

    [Theory]
    [InlineData("nothing of the kind")]
    [InlineData("type= msg=audit(1.2:3): x=y")]
    [InlineData("type=SYSCALL")]
    [InlineData("type=SYSCALL msg=audit(1.2:3")]
    [InlineData("type=SYSCALL msg=audit(1.2): x")]
    [InlineData("type=SYSCALL msg=audit(99999999999.2:3): x")]
    public void A_line_that_is_no_record_is_a_line(string line) =>
        Assert.Equal((EventKind.LogLine, line), (Record("auditd", line).View(0).Record.Kind, First(Record("auditd", line), "message")));

    /// <summary>Values that the golden files give in another form than the log: interpreted, renamed or left out.</summary>
    private static readonly HashSet<string> Interpreted =
    [
        "arch", "syscall", "exit", "result", "auid", "ses", "sig", "tty", "saddr", "addr", "family", "port", "path", "socket_saddr", "mode", "obj_user", "obj_role",
        "obj_domain", "obj_level", "obj_category", "subj_user", "subj_role", "subj_domain", "subj_level", "subj_category", "seresult", "seperms", "name", "old-ses", "old-auid", "old_ses", "old_auid", "new_ses", "new_auid", "unit_type",
    ];

    [Fact]
    public void Real_logs_come_out_as_another_reader_has_them()
    {
        var folder = Corpora.Require("linux-events/go-libaudit/auparse/testdata");
        var (records, values) = (0, 0);
        foreach (var log in Directory.EnumerateFiles(folder, "*.log"))
        {
            using var golden = JsonDocument.Parse(File.ReadAllText(log + ".golden"));
            var lines = File.ReadAllLines(log).Where(line => line.Length > 0).ToList();
            Assert.Equal(golden.RootElement.GetArrayLength(), lines.Count);
            foreach (var (line, expected) in lines.Zip(golden.RootElement.EnumerateArray()))
            {
                if (expected.ValueKind == JsonValueKind.Null)
                {
                    Assert.Equal(EventKind.LogLine, Record("auditd", line).View(0).Record.Kind);
                    continue;
                }

                var data = expected.TryGetProperty("data", out var found) ? found : default;
                if (data.ValueKind == JsonValueKind.Object)
                {
                    foreach (var pair in data.EnumerateObject()) FieldTable.Intern(pair.Name);
                }

                var batch = Record("auditd", line);
                records++;
                Assert.Equal(expected.GetProperty("record_type").GetString(), First(batch, "type").ToLowerInvariant());
                Assert.Equal(expected.GetProperty("sequence").GetInt64().ToString(CultureInfo.InvariantCulture), First(batch, "serial"));
                Assert.Equal(expected.GetProperty("@timestamp").GetDateTimeOffset(), DateTimeOffset.UnixEpoch.AddTicks((long)batch.View(0).Record.TimeNs / 100));
                if (data.ValueKind != JsonValueKind.Object) continue;
                if (data.TryGetProperty("syscall", out var call)) Assert.Equal(call.GetString(), First(batch, "SYSCALL"));
                foreach (var pair in data.EnumerateObject().Where(pair => !Interpreted.Contains(pair.Name)))
                {
                    Assert.Equal($"{log} {line} {pair.Name}={pair.Value.GetString()}", $"{log} {line} {pair.Name}={First(batch, pair.Name)}");
                    values++;
                }
            }
        }

        Assert.True(records >= 80 && values >= 500, $"only {records} records with {values} values were compared");
    }
}
