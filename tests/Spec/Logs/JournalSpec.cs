using System.Runtime.Versioning;
using System.Text;
using Picket.Actors;
using Picket.Detection.Events;
using Picket.Sensors;
using Picket.Sensors.Logs;
using Picket.Sensors.Logs.Following;
using Picket.Sensors.Logs.Journal;
using Picket.Spec.Context;
using static Picket.Spec.Logs.Lines;

namespace Picket.Spec.Logs;

/// <summary>Entries as journalctl prints them, and a program in its place that prints them.</summary>
[SupportedOSPlatform("linux")]
public sealed class JournalSpec : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _folder = TestFolder.Make("journal");
    private readonly ActorSystem _system = ActorSystem.Create("journal");

    public void Dispose()
    {
        _system.Terminate().Wait(Limit);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void An_entry_is_a_line_of_its_facility_and_its_writer()
    {
        var batch = Entry("""
            {"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"1772552225123456","_PID":"812","_HOSTNAME":"web1","PRIORITY":"4","SYSLOG_FACILITY":"10",
             "SYSLOG_IDENTIFIER":"sudo","_EXE":"/usr/bin/sudo","_UID":"1000","_SYSTEMD_UNIT":"user@1000.service","MESSAGE":"   bob : TTY=pts/0 ; USER=#-1 ; COMMAND=/bin/sh"}
            """);

        Assert.Equal(("sudo", "812", "web1", "authpriv", "warning", "/usr/bin/sudo", "#-1"), (First(batch, "program"), First(batch, "pid"), First(batch, "host"),
            First(batch, "facility"), First(batch, "severity"), First(batch, "exe"), First(batch, "USER")));
        ref readonly var record = ref batch.View(0).Record;
        Assert.Equal((EventKind.LogLine, 1772552225123456000UL), (record.Kind, record.TimeNs));
        Assert.Equal((EventRouteTable.Find("auth"), EventRouteTable.FindKnown("sudo"u8)), (record.Route.Service, record.Route.Writer));
    }

    [Fact]
    public void An_audit_record_that_journald_took_apart_is_one_again()
    {
        var batch = Entry("""
            {"__CURSOR":"c","_TRANSPORT":"audit","_AUDIT_ID":"77","_SOURCE_REALTIME_TIMESTAMP":"1772552225123456","MESSAGE":"SYSCALL arch=c000003e syscall=59 pid=4 exe=\"/bin/sh\""}
            """);

        Assert.Equal(("SYSCALL", "77", "execve", "/bin/sh"), (First(batch, "type"), First(batch, "serial"), First(batch, "SYSCALL"), First(batch, "exe")));
        Assert.Equal(EventRouteTable.Find("auditd"), batch.View(0).Record.Route.Service);
    }

    [Theory]
    [InlineData("{\"MESSAGE\":[104,255,105]}", "68FF69")]
    [InlineData("{\"MESSAGE\":[\"first\",\"second\"]}", "6669727374")]
    [InlineData("{\"MESSAGE\":[[104],[105]]}", "68")]
    [InlineData("{\"MESSAGE\":\"a\\u00e9\\n\"}", "61C3A90A")]
    public void A_message_comes_as_text_as_bytes_or_several_times(string entry, string hex) =>
        Assert.Equal(hex, Convert.ToHexString(Entry(entry).View(0).First(LogFields.Message).Text));

    [Theory]
    [InlineData("{\"MESSAGE\":null}")]
    [InlineData("{\"__CURSOR\":\"c\"}")]
    [InlineData("not json")]
    [InlineData("{\"MESSAGE\":\"\\ud800\"}")]
    [InlineData("[1]")]
    public void An_entry_without_a_message_is_none(string entry) => Assert.Equal(0, Entry(entry, 0).Count);

    [Fact]
    public async Task The_journal_is_read_on_behind_the_last_entry_that_was_done_with()
    {
        var program = Script("""
            echo "$@" >> "$(dirname "$0")/calls"
            case "$*" in *--after-cursor=c2*) echo '{"__CURSOR":"c3","MESSAGE":"three"}'; exec sleep 1000;; esac
            echo '{"__CURSOR":"c1","MESSAGE":"one"}'
            echo '{"__CURSOR":"c2","MESSAGE":"two"}'
            echo 'it fell over' >&2
            exit 3
            """);
        var sensor = Sensor(program);
        var ear = new Ear(_system);
        var logs = Logs(sensor, program, ear);

        await UntilAsync(() => Messages(ear).Contains("three"), "the third entry");
        Assert.Equal(["one", "two", "three"], Messages(ear));
        var finding = Assert.Single(ear.Heard<LogFinding>());
        Assert.Equal("journal-stopped", finding.Name);
        Assert.Contains("it fell over", finding.Message);
        await UntilAsync(() => sensor.Tracks[0].Cursor == "c3", "the cursor's commit");
        Assert.IsType<JournalRead>(await logs.Ask(new DrainSensors(), Limit, TestContext.Current.CancellationToken));
        sensor.Close();

        Assert.Equal("c3", Sensor(program).Tracks[0].Cursor);
        var calls = await File.ReadAllLinesAsync(Path.Combine(_folder, "calls"), TestContext.Current.CancellationToken);
        Assert.Contains("--lines=0", calls[0]);
        Assert.Contains("--no-tail --after-cursor=c2", calls[1]);
    }

    [Theory]
    [InlineData("-KILL", GapEdge.Failure)]
    [InlineData("-STOP", GapEdge.Look)]
    public async Task A_program_that_is_killed_or_stopped_is_started_again_behind_the_last_entry_with_a_gap(string signal, GapEdge edge)
    {
        var program = Script("""
            echo $$ >> "$(dirname "$0")/pids"
            case "$*" in *--after-cursor=c1*) echo '{"__CURSOR":"c2","MESSAGE":"two"}'; exec sleep 1000;; esac
            echo '{"__CURSOR":"c1","MESSAGE":"one"}'
            exec sleep 1000
            """);
        var sensor = Sensor(program);
        var ear = new Ear(_system);
        Logs(sensor, program, ear);
        await UntilAsync(() => sensor.Tracks.Count > 0 && sensor.Tracks[0].Cursor == "c1", "the first entry");
        var pid = File.ReadAllLines(Path.Combine(_folder, "pids"))[0];
        var before = TimeProvider.System.GetUtcNow();
        using (var kill = System.Diagnostics.Process.Start("kill", [signal, pid])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var after = TimeProvider.System.GetUtcNow();
        await UntilAsync(() => Messages(ear).Contains("two"), "the second entry");
        var read = TimeProvider.System.GetUtcNow();
        await UntilAsync(() => ear.Heard<SensorGap>().Count == 1, "the gap");

        var gap = ear.Heard<SensorGap>()[0];
        var (early, exact) = (edge == GapEdge.Look ? TimeSpan.FromSeconds(1.1) : TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        Assert.Equal(("logs/journal", edge), (gap.Sensor, gap.Edge));
        Assert.True(gap.From > before - early - exact && gap.From < after + exact, $"from {gap.From:O}, and it was {signal} from {before:O} to {after:O}");
        Assert.True((gap.To - read).Duration() < 2 * exact, $"to {gap.To:O}, and an entry came at {read:O}");
        Assert.Equal(["one", "two"], Messages(ear));
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_said()
    {
        var ear = new Ear(_system);
        Logs(Sensor("/nowhere/journalctl"), "/nowhere/journalctl", ear);
        await UntilAsync(() => ear.Heard<LogFinding>().Count == 1, "the finding");
        Assert.Contains("/nowhere/journalctl", ear.Heard<LogFinding>()[0].Message);
    }

    [Fact]
    public async Task An_entry_beyond_all_bounds_is_skipped_and_the_next_is_read()
    {
        var program = Script("""
            printf '{"MESSAGE":"'; head -c 3000000 /dev/zero | tr '\0' 'a'; printf '"}\n'
            echo '{"__CURSOR":"c2","MESSAGE":"two"}'
            exec sleep 1000
            """);
        var sensor = Sensor(program);
        var ear = new Ear(_system);
        Logs(sensor, program, ear);
        await UntilAsync(() => Messages(ear).Contains("two"), "the second entry");
        Assert.Equal(["two"], Messages(ear));
        Assert.Equal(1, sensor.Counts.CutLines);
    }

    private IActorRef Logs(LogSensor sensor, string program, Ear ear)
    {
        var reader = _system.ActorOf(Props.CreateFrom(() => new SliceReaderActor(ear.Ref)));
        return _system.ActorOf(Props.CreateFrom(() => new JournalActor(sensor, new JournalReading(program), reader, ear.Ref)));
    }

    /// <summary>Tells the texts of slices, which are lent for the handler's time only.</summary>
    private sealed class SliceReaderActor(IActorRef ear) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var slice = (EventSlice)message;
            while (slice.MoveNext(out var view, out _)) ear.Tell(Encoding.UTF8.GetString(view.First(LogFields.Message).Text), Self);
        }
    }

    private LogSensor Sensor(string program) => new(
        new LogsOptions
        {
            Files = [], Journal = new JournalReading(program), PositionsFile = Path.Combine(_folder, "positions"), LedgerInterval = Limit,
        },
        TimeProvider.System);

    private string Script(string text)
    {
        var path = Path.Combine(_folder, "journalctl");
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static List<string> Messages(Ear ear) => [.. ear.Heard<string>()];

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var started = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"waited for {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void A_long_audit_record_is_cut_as_any_other_entry()
    {
        var batch = Entry("{\"MESSAGE\":\"USER_CMD cmd=\\\"" + new string('x', 9000) + "\\\"\",\"_TRANSPORT\":\"audit\",\"_AUDIT_ID\":\"7\"}");
        Assert.Equal(EventKind.AuditRecord, batch.View(0).Record.Kind);
        Assert.Equal(EventFlags.LineTruncated, batch.View(0).Record.Flags);
        Assert.InRange(batch.View(0).Raw.Length, 4096, 4096 + 128);
    }

    private static EventBatch Entry(string entry, int expected = 1)
    {
        var batch = new EventBatch(4, 64 * 1024);
        batch.Begin(new Track(Track.JournalPath, default, 0).Source, null);
        new JournalDecoder(new LogCounts(), 4096).Decode(batch, Encoding.UTF8.GetBytes(entry.ReplaceLineEndings(" ")));
        Assert.Equal(expected, batch.Count);
        return batch;
    }
}
