using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Picket.Actors;
using Picket.Detection.Events;
using Picket.Sensors;
using Picket.Sensors.Logs;
using Picket.Sensors.Logs.Journal;
using Picket.Spec.Context;

namespace Picket.Spec.Logs;

/// <summary>
/// A program in journalctl's place prints nothing. It prints what is in the file <c>first</c>, or behind entry c1 what is in <c>next</c>,
/// and then what comes to the pipe <c>late</c>; the one that is asked for the last entry prints <c>last</c>.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class JournalSilenceSpec : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _folder = TestFolder.Make("silence");
    private readonly ActorSystem _system = ActorSystem.Create("silence");
    private readonly Ear _ear;
    private readonly LogSensor _sensor;

    public JournalSilenceSpec()
    {
        File.WriteAllText(At("journalctl"), """
            #!/bin/sh
            cd "$(dirname "$0")"
            echo "$@" >> calls
            case "$*" in
                *--lines=1*) cat last; exit 0;;
                *--after-cursor=c1*) cat next;;
                *--since=*) cat since;;
                *) cat first;;
            esac
            while [ ! -e late ]; do sleep 0.05; done
            cat late
            exec sleep 1000
            """);
        File.SetUnixFileMode(At("journalctl"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var name in (string[])["first", "next", "since", "last"]) File.WriteAllText(At(name), "");
        _ear = new Ear(_system);
        _sensor = new LogSensor(new LogsOptions { Files = [], PositionsFile = At("positions"), LedgerInterval = Limit }, TimeProvider.System);
    }

    public void Dispose()
    {
        _system.Terminate().Wait(Limit);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task One_that_hangs_while_the_journal_grows_is_ended_and_started_again_with_a_gap()
    {
        Put("first", Entry("c1"));
        Put("last", Entry("c1"));
        Start(_folder);
        await UntilAsync(() => Questions >= 3, "three questions");
        Assert.Empty(_ear.Heard<LogFinding>());
        Assert.Equal(1, Calls.Count(call => call.Contains("--follow", StringComparison.Ordinal)));

        var before = TimeProvider.System.GetUtcNow();
        Put("next", Entry("c2"));
        Put("last", Entry("c2"));
        await UntilAsync(() => Messages.Contains("c2"), "the entry that was not printed");
        var read = TimeProvider.System.GetUtcNow();
        await UntilAsync(() => _ear.Heard<SensorGap>().Count == 1, "the gap");
        var gap = _ear.Heard<SensorGap>()[0];
        Assert.Equal(("logs/journal", GapEdge.Look), (gap.Sensor, gap.Edge));
        Assert.Contains("hung", gap.Reason);
        Assert.True(gap.From <= before && gap.From > before - TimeSpan.FromSeconds(3), $"from {gap.From:O}, and the journal grew at {before:O}");
        Assert.True((gap.To - read).Duration() < TimeSpan.FromMilliseconds(200), $"to {gap.To:O}, and an entry came at {read:O}");
        Assert.Equal(["c1", "c2"], Messages);
        Assert.Equal("journal-stopped", Assert.Single(_ear.Heard<LogFinding>()).Name);

        // It is quiet again.
        var asked = Questions;
        await UntilAsync(() => Questions >= asked + 3, "three more questions");
        Assert.Equal(2, Calls.Count(call => call.Contains("--follow", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_that_hangs_before_its_first_entry_is_started_again_where_it_began()
    {
        Put("since", Entry("c1"));
        Start(_folder);
        await UntilAsync(() => Questions >= 1, "a question");
        Put("last", Entry("c1", TimeSpan.FromSeconds(5)));
        await UntilAsync(() => Messages.Contains("c1"), "the entry that was not printed");
        Assert.Equal(["c1"], Messages);
    }

    [Fact]
    public async Task One_that_is_only_late_is_left_alone()
    {
        Put("first", Entry("c1"));
        Start(_folder, reading => reading with { Grace = Limit });
        await UntilAsync(() => Messages.Contains("c1"), "the first entry");
        Put("last", Entry("c2"));
        var asked = Questions;
        await UntilAsync(() => Questions > asked, "a question");
        Put("late", Entry("c2"));
        await UntilAsync(() => Questions >= asked + 3, "three more questions");
        Assert.Equal(["c1", "c2"], Messages);
        Assert.Empty(_ear.Heard<LogFinding>());
        Assert.Equal(1, Calls.Count(call => call.Contains("--follow", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task For_an_entry_that_none_prints_it_is_started_again_once_and_that_is_said()
    {
        Put("first", Entry("c1"));
        Put("last", Entry("c9"));
        Start(_folder);
        await UntilAsync(() => _ear.Heard<LogFinding>().Any(finding => finding.Name == "journal-unanswered"), "the finding");
        Assert.Single(_ear.Heard<LogFinding>(), finding => finding.Name == "journal-stopped");
        var asked = Questions;
        await UntilAsync(() => Questions >= asked + 2, "two more questions");
        Assert.Equal(2, _ear.Heard<LogFinding>().Count);
        Assert.Equal(2, Calls.Count(call => call.Contains("--follow", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_older_entry_that_came_from_another_file_is_not_missed()
    {
        // The last one by its time came before the last one that was printed.
        Put("first", Entry("c2") + Entry("c1", TimeSpan.FromSeconds(-10)));
        Put("last", Entry("c2", TimeSpan.FromSeconds(-1)));
        Start(_folder);
        await UntilAsync(() => Questions >= 3, "three questions");
        Assert.Empty(_ear.Heard<LogFinding>());
    }

    [Fact]
    public async Task A_question_that_fails_is_said_once()
    {
        Put("last", "no entry\n");
        Start(_folder);
        await UntilAsync(() => Questions >= 3, "three questions");
        Assert.Equal("journal-unanswered", Assert.Single(_ear.Heard<LogFinding>()).Name);
    }

    [Fact]
    public async Task Without_a_journal_nothing_is_started()
    {
        Put("last", Entry("c9"));
        var asked = new List<JournalAnswer>();
        var reader = _system.ActorOf(Props.CreateFrom(() => new AnswerActor(asked)));
        foreach (var folder in (string[])["nowhere", _folder])
            new JournalQuestion(new JournalReading(At("journalctl")) { Folders = [At(folder)] }, reader, default).Start();
        await UntilAsync(() => Count(asked) == 2, "both answers");
        Assert.Equal(["", "c9"], asked.Select(answer => answer.Cursor ?? "").Order());
        Assert.Single(Calls);
    }

    private static int Count(List<JournalAnswer> answers)
    {
        lock (answers) return answers.Count;
    }

    private string At(string name) => Path.Combine(_folder, name);

    /// <summary>Renamed into place: a reader finds all of it or what was there before.</summary>
    private void Put(string name, string text)
    {
        File.WriteAllText(At(name + ".new"), text);
        File.Move(At(name + ".new"), At(name), overwrite: true);
    }

    private static string Entry(string cursor, TimeSpan later = default)
    {
        var time = (TimeProvider.System.GetUtcNow() + later - DateTimeOffset.UnixEpoch).Ticks / 10;
        return string.Create(CultureInfo.InvariantCulture, $"{{\"__CURSOR\":\"{cursor}\",\"__REALTIME_TIMESTAMP\":\"{time}\",\"MESSAGE\":\"{cursor}\"}}\n");
    }

    private string[] Calls => File.Exists(At("calls")) ? File.ReadAllLines(At("calls")) : [];

    private int Questions => Calls.Count(call => call.Contains("--lines=1", StringComparison.Ordinal));

    private List<string> Messages => [.. _ear.Heard<string>()];

    private void Start(string journal, Func<JournalReading, JournalReading>? change = null)
    {
        var reading = new JournalReading(At("journalctl")) { Folders = [At("nowhere"), journal], Silence = TimeSpan.FromMilliseconds(500), Grace = TimeSpan.FromMilliseconds(500) };
        var reader = _system.ActorOf(Props.CreateFrom(() => new SliceReaderActor(_ear.Ref)));
        _system.ActorOf(Props.CreateFrom(() => new JournalActor(_sensor, change?.Invoke(reading) ?? reading, reader, _ear.Ref)));
    }

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

    private sealed class AnswerActor(List<JournalAnswer> answers) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            lock (answers) answers.Add((JournalAnswer)message);
        }
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
}
