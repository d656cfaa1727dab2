using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Replay;
using Picket.Sensors.Replay.Lines;

namespace Picket.Spec.Replay;

/// <summary>Recorded logs: auditd's, and syslog's lines.</summary>
public sealed class LineRecordReaderTests
{
    private const string Event = """
        type=SYSCALL msg=audit(1492037291.036:59): arch=c000003e syscall=59 success=yes a0=1522170 ppid=10 pid=11 auid=1000 uid=0 tty=pts0 comm="grep" exe="/usr/bin/grep" key=(null)
        type=EXECVE msg=audit(1492037291.036:59): argc=2 a0="grep" a1="x"
        type=SYSCALL msg=audit(1492037291.038:60): arch=c000003e syscall=59 success=yes pid=12 comm="cat" exe="/usr/bin/cat"
        type=CWD msg=audit(1492037291.036:59): cwd="/home"
        type=PATH msg=audit(1492037291.038:60): item=0 name="/usr/bin/cat"
        type=PATH msg=audit(1492037291.036:60): item=0 name="/another/time"
        node=b type=PATH msg=audit(1492037291.038:60): item=0 name="/another/host"
        """;

    private readonly List<MalformedRecord> _malformed = [];

    private delegate string Say(EventView view);

    [Fact]
    public void Records_of_one_event_know_its_process_and_stay_records_of_their_own()
    {
        var batch = Read(Event, audit: true);
        Assert.Empty(_malformed);
        Assert.Equal(
            ["SYSCALL /usr/bin/grep 11", "EXECVE /usr/bin/grep 11", "SYSCALL /usr/bin/cat 12", "CWD /usr/bin/grep 11", "PATH /usr/bin/cat 12", "PATH  ", "PATH  "],
            Each(batch, view => $"{Text(view, "type")} {Text(view, "exe")} {Text(view, "pid")}"));
        Assert.Equal(["1522170", "grep", "", "", "", "", ""], Each(batch, view => Text(view, "a0")));
        Assert.Equal("yes", Text(batch.View(0), "success"));
        Assert.Equal("", Text(batch.View(1), "success"));
        Assert.Equal([1UL, 2, 3, 4, 5, 6, 7], Enumerable.Range(0, batch.Count).Select(i => batch.View(i).Record.Sequence));
        Assert.All(Enumerable.Range(0, batch.Count), i => Assert.Equal("auditd", EventRouteTable.NameOf(batch.View(i).Record.Route.Service)));
        Assert.Equal(1492037291036000000UL, batch.View(0).Record.TimeNs);
    }

    [Fact]
    public void What_a_record_says_itself_stands_beside_what_its_event_says()
    {
        var batch = Read("""
            type=SYSCALL msg=audit(1492037291.036:59): syscall=59 pid=11 exe="/usr/bin/grep"
            type=USER_CMD msg=audit(1492037291.036:59): pid=99
            """, audit: true);
        Assert.Equal(["11 /usr/bin/grep", "99 /usr/bin/grep"], Each(batch, view => $"{Text(view, "pid")} {Text(view, "exe")}"));
        var pids = 0;
        foreach (ref readonly var entry in batch.View(1).Entries)
        {
            if (FieldTable.NameOf(entry.Id) == "pid") pids++;
        }

        Assert.Equal(1, pids);
    }

    [Fact]
    public void In_a_log_of_auditd_a_line_that_is_none_of_its_records_is_malformed()
    {
        var batch = Read("type=CWD msg=audit(1492037291.036:59): cwd=\"/home\"\n\nhello\r\ntype=CWD msg=audit(x:59): cwd=\"/\"\ntype=EOE msg=audit(1492037291.036:60): \n", audit: true);
        Assert.Equal(["CWD", "EOE"], Each(batch, view => Text(view, "type")));
        Assert.Equal(["input:3:1", "input:4:1"], _malformed.Select(place => $"{place.File}:{place.Line}:{place.Column}"));
    }

    [Fact]
    public void Lines_of_syslog_are_of_the_service_that_syslog_files_them_under()
    {
        EventRouteTable.Intern("sshd");
        EventRouteTable.Intern("cron");
        var batch = Read("""
            Nov 21 15:30:25 web1 sshd[12]: Accepted password for root
            <86>Nov 21 15:30:25 web1 no-rule-names-it[12]: by its facility
            <30>Nov 21 15:30:25 web1 sshd[13]: by its facility
            Nov 21 15:30:26 web1 CRON[7]: (root) CMD (x)
            2026-11-21T15:30:25.5+00:00 web1 kernel: audit: type=1300 audit(1492037291.036:59): pid=5
            no header at all
            """, audit: false);
        Assert.Equal(
            ["auth sshd", "auth ", "syslog sshd", "syslog cron", "syslog auditd", "syslog "],
            Each(batch, view => $"{EventRouteTable.NameOf(view.Record.Route.Service)} {EventRouteTable.NameOf(view.Record.Route.Writer)}"));
        Assert.Equal("Accepted password for root", Text(batch.View(0), "message"));
        Assert.Equal(EventKind.AuditRecord, batch.View(4).Record.Kind);
        Assert.Empty(_malformed);
    }

    [Fact]
    public void This_process_s_own_recorded_lines_are_lines_as_any()
    {
        var batch = Read($"Nov 21 15:30:25 web1 picket[{Environment.ProcessId}]: x", audit: false);
        Assert.Equal(1, batch.Count);
    }

    [Fact]
    public void A_line_over_the_limit_is_cut_and_the_next_one_is_read()
    {
        var batch = Read("Nov 21 15:30:25 web1 a: " + new string('x', LineRecordReader.MaxLine) + "tail\nNov 21 15:30:25 web1 b: y\n", audit: false);
        Assert.Equal(["a", "b"], Each(batch, view => Text(view, "program")));
        Assert.Equal([EventFlags.LineTruncated, EventFlags.None], batch.Records.ToArray().Select(record => record.Flags));
        Assert.Equal(LineRecordReader.MaxLine, batch.View(0).Raw.Length);
    }

    [Theory]
    [InlineData("auparse/testdata/audit-rhel7.log", 1)]
    [InlineData("auparse/testdata/audit-rhel6.log", 0)]
    [InlineData("auparse/testdata/audit-ubuntu14.log", 0)]
    [InlineData("testdata/out_of_order.log", 0)]
    public void Real_logs_are_read_line_by_line(string name, int malformed)
    {
        var file = Corpora.Require($"linux-events/go-libaudit/{name}");
        var lines = File.ReadLines(file).Count(line => line.Trim().Length > 0);
        var batch = Read(File.ReadAllText(file), audit: true);
        Assert.Equal((lines - malformed, malformed), (batch.Count, _malformed.Count));
    }

    [Theory]
    [InlineData("<13>May  1 10:00:00 ws1 nxlog[7]: {J}")]
    [InlineData("May  1 10:00:00 ws1 nxlog: {J}")]
    [InlineData("<14>1 2024-05-01T10:00:00Z ws1 nxlog 12 - - {J}")]
    [InlineData("<14>1 2024-05-01T10:00:00Z ws1 nxlog 12 - [a@1 b=\"{\"] \uFEFF{J} ")]
    [InlineData("<14>1 2024-05-01T10:00:00Z ws1 nxlog 12 - - @cee: {J}")]
    public void An_object_behind_the_header_is_the_record(string line)
    {
        const string Json = """{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"C:\\a.exe","a":{"b":[1,2]}}""";
        foreach (var field in (string[])["Image", "a.b"]) FieldTable.Intern(field);
        EventRouteTable.Intern("process_creation");
        var batch = Read(line.Replace("{J}", Json, StringComparison.Ordinal), audit: false);
        var view = batch.View(0);
        Assert.Equal([@"C:\a.exe", "1", "nxlog"], new[] { "Image", "a.b", "program" }.Select(field => Text(batch.View(0), field)));
        Assert.Equal("ws1", Text(view, "host"));
        Assert.Equal(EventKind.ProcessCreation, view.Record.Kind);
        Assert.Equal(Json, Encoding.UTF8.GetString(view.Raw));
        Assert.NotEqual(0UL, view.Record.TimeNs);
    }

    [Fact]
    public void What_an_object_says_of_time_and_host_stands()
    {
        var batch = Read("""May  1 10:00:00 ws1 x: {"@timestamp":"2024-05-01T10:00:00Z","host":"own"}""", audit: false);
        Assert.Equal(1714557600000000000UL, batch.View(0).Record.TimeNs);
        Assert.Equal("own", Text(batch.View(0), "host"));
    }

    [Theory]
    [InlineData("May  1 10:00:00 ws1 x: {not json}")]
    [InlineData("May  1 10:00:00 ws1 x: {\"a\":1} and more")]
    [InlineData("May  1 10:00:00 ws1 x: <Event>not xml</Evnt>")]
    [InlineData("May  1 10:00:00 ws1 x: said {\"a\":1}")]
    public void What_is_no_object_is_a_line(string line)
    {
        var batch = Read(line, audit: false);
        Assert.Equal(EventKind.LogLine, batch.View(0).Record.Kind);
        Assert.Equal(line[23..], Text(batch.View(0), "message"));
    }

    [Fact]
    public void Sysmon_for_Linux_writes_its_events_into_syslog()
    {
        foreach (var field in (string[])["Image", "CommandLine"]) FieldTable.Intern(field);
        EventRouteTable.Intern("process_creation");
        var batch = Read("""May  1 10:00:00 h sysmon: <Event><System><Provider Name="Linux-Sysmon" Guid="{x}"/><EventID>1</EventID><TimeCreated SystemTime="2024-05-01T10:00:00.123456000Z"/><Channel>Linux-Sysmon/Operational</Channel><Computer>h</Computer><Security UserId="0"/></System><EventData><Data Name="UtcTime">2024-05-01 10:00:00.123</Data><Data Name="Image">/bin/sh</Data><Data Name="CommandLine">sh -c &lt;x&gt;</Data></EventData></Event>""", audit: false);
        Assert.Equal(["/bin/sh", "sh -c <x>", "1"], new[] { "Image", "CommandLine", "EventID" }.Select(field => Text(batch.View(0), field)));
        Assert.Equal("process_creation", EventRouteTable.NameOf(batch.View(0).Record.Route.Category));
        Assert.Equal(1714557600123000000UL, batch.View(0).Record.TimeNs);
    }

    [Theory]
    [InlineData("05/01/2024")]
    [InlineData("2024-05-01")]
    [InlineData("05/01/24")]
    public void What_ausearch_prints_is_read(string date)
    {
        foreach (var field in (string[])["a1", "a2", "proctitle", "SYSCALL", "name", "uid", "key", "acct"]) FieldTable.Intern(field);
        var batch = Read($"""
            ----
            time->Wed May  1 10:00:00 2024
            type=PROCTITLE msg=audit({date} 10:00:00.123:77) : proctitle=sh -c a=b evil
            type=SYSCALL msg=audit({date} 10:00:00.123:77) : arch=x86_64 syscall=execve success=yes a0=0x55 pid=4242 uid=root comm=my prog exe=/bin/sh key=k
            type=EXECVE msg=audit({date} 10:00:00.123:77) : argc=3 a0=sh a1=echo deadbeef a2=beef
            node=n type=PATH msg=audit({date} 10:00:00.123:77) : item=0 name=/tmp/a b inode=1
            type=USER_AUTH msg=audit({date} 10:00:00.123:78) : pid=9 uid=root msg='op=PAM:authentication acct=bob exe=/usr/sbin/sshd res=failed'
            """, audit: true);
        Assert.Empty(_malformed);
        Assert.Equal(["PROCTITLE", "SYSCALL", "EXECVE", "PATH", "USER_AUTH"], Each(batch, view => Text(view, "type")));
        Assert.Equal("sh -c a=b evil", Text(batch.View(0), "proctitle"));
        Assert.Equal("execve root my prog /bin/sh k", string.Join(' ', new[] { "SYSCALL", "uid", "comm", "exe", "key" }.Select(field => Text(batch.View(1), field))));
        Assert.Equal("echo deadbeef|beef|/bin/sh|4242", string.Join('|', new[] { "a1", "a2", "exe", "pid" }.Select(field => Text(batch.View(2), field))));
        Assert.Equal("/tmp/a b", Text(batch.View(3), "name"));
        Assert.Equal("bob", Text(batch.View(4), "acct"));
        Assert.All(batch.Records.ToArray(), record => Assert.Equal(1714557600123000000UL, record.TimeNs));
    }

    private static string Text(EventView view, string field) => Encoding.UTF8.GetString(view.First(FieldTable.Intern(field)).Text);

    private static List<string> Each(EventBatch batch, Say say)
    {
        var all = new List<string>();
        for (var i = 0; i < batch.Count; i++) all.Add(say(batch.View(i)));
        return all;
    }

    private EventBatch Read(string text, bool audit)
    {
        foreach (var field in (string[])["type", "exe", "pid", "a0", "success", "program", "message"]) FieldTable.Intern(field);
        using var reader = new LineRecordReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), "input", audit, _malformed.Add, TimeProvider.System);
        var batch = new EventBatch(512, 4 * 1024 * 1024);
        reader.Fill(batch, null);
        return batch;
    }
}
