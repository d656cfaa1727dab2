using System.Runtime.Versioning;
using System.Text;
using Picket.Actors;
using Picket.Detection.Events;
using Picket.Detection.Events.Journal;
using Picket.Sensors;
using Picket.Sensors.Logs;
using Picket.Sensors.Logs.Access;
using Picket.Spec.Context;

namespace Picket.Spec.Logs;

/// <summary>A file system does not answer, at whatever the reading thread asks: the other logs are read, and this one is read on later.</summary>
[SupportedOSPlatform("linux")]
public sealed class LogHangSpec : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20), Exact = TimeSpan.FromMilliseconds(50);

    private readonly string _folder = TestFolder.Make("loghang");
    private readonly ActorSystem _system = ActorSystem.Create("loghang");
    private readonly BlockedFiles _files = new();
    private readonly HeldClock _clock = new();
    private readonly Ear _ear;
    private readonly LogSensor _sensor;

    public LogHangSpec()
    {
        Directory.CreateDirectory(At("many"));
        File.WriteAllText(At("good.log"), "");
        File.WriteAllText(At("dead.log"), "");
        _ear = new Ear(_system);
        var options = new LogsOptions
        {
            Files = [new WatchedFiles(At("good.log"), "auth"), new WatchedFiles(At("dead.log"), "auth"), new WatchedFiles(At("many/*.log"), "auth")],
            PositionsFile = Path.Combine(_folder, "positions"), LedgerInterval = Limit, LookInterval = TimeSpan.FromMilliseconds(100),
        };
        _sensor = new LogSensor(options, DiskFileSpace.Instance, _clock, _files);
    }

    public void Dispose()
    {
        _files.Release();
        _clock.Release();
        _system.Terminate().Wait(Limit);
        _clock.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData((int)LogWork.Read, "dead.log")]
    [InlineData((int)LogWork.Stat, "dead.log")]
    [InlineData((int)LogWork.List, "many")]
    [InlineData((int)LogWork.Watch, "dead.log")]
    public async Task The_others_are_read_on_and_it_is_too_when_it_answers(int work, string name)
    {
        var logs = Start();
        await WriteAsync("good.log", "one");
        await WriteAsync("dead.log", "two");
        _files.Block((LogWork)work, At(name));
        Append("dead.log", "three");
        Append("good.log", "four");
        await UntilAsync(() => _files.Blocked == 1, "the hang");
        Append("good.log", "five");
        await UntilAsync(() => Lines().Contains("five"), "a line of another log");
        var read = TimeProvider.System.GetUtcNow();

        await UntilAsync(() => _ear.Heard<SensorGap>().Count > 0, "the gap");
        var gap = Assert.Single(_ear.Heard<SensorGap>());
        Assert.Equal("logs/files", gap.Sensor);
        Assert.Contains(At(name), gap.Reason);
        Assert.True((gap.From - _files.BlockedAt).Duration() < Exact, $"from {gap.From:O}, and it hung at {_files.BlockedAt:O}");
        Assert.True((gap.To - read).Duration() < 4 * Exact, $"to {gap.To:O}, and a line came at {read:O}");
        Assert.Equal((At(name), "log-left-out"), Single("log-left-out"));
        var state = Assert.Single((await logs.Ask<PartStates>(new TellState(), Limit, TestContext.Current.CancellationToken)).Parts);
        Assert.Equal(("logs" + At(name), PartActivity.Waiting), (state.Name, state.State));

        _files.Release();
        await UntilAsync(() => Lines().Contains("three"), "the line of the log that hung");
        await UntilAsync(() => _ear.Heard<LogFinding>().Any(finding => finding.Name == "log-answers"), "the word that it answers");
        await WriteAsync("dead.log", "six");
        await UntilAsync(() => _sensor.LeftOut.Hanging == 0, "the end of the thread that hung");
        Assert.Equal(["five", "four", "one", "six", "three", "two"], Lines().Order());
        Assert.Empty((await logs.Ask<PartStates>(new TellState(), Limit, TestContext.Current.CancellationToken)).Parts);
        await DrainAsync(logs);
        Assert.Equal((6L, 0), (_sensor.Counts.Lines, _sensor.Pool.Outstanding));
    }

    [Fact]
    public async Task A_log_that_hangs_at_the_first_look_is_read_from_its_end_when_it_answers()
    {
        Append("dead.log", "old");
        _files.Block(LogWork.Open, At("dead.log"));
        Start();
        await UntilAsync(() => _ear.Heard<SensorReady>().Count > 0 || _sensor.LeftOut.Places.Count == 1, "the hang");
        await WriteAsync("good.log", "one");
        _files.Release();
        await UntilAsync(() => _ear.Heard<LogFinding>().Any(finding => finding.Name == "log-answers"), "the word that it answers");
        await UntilAsync(() => _sensor.Tracks.Any(track => track.Path == At("dead.log")), "the log");
        await WriteAsync("dead.log", "new");
        Assert.Equal(["one", "new"], Lines());
    }

    [Fact]
    public async Task A_sensor_whose_thread_hangs_is_drained_all_the_same()
    {
        var logs = Start();
        await WriteAsync("dead.log", "one");
        _files.Block(LogWork.Read, At("dead.log"));
        Append("dead.log", "two");
        await UntilAsync(() => _files.Blocked == 1, "the hang");
        Append("good.log", "three");
        await DrainAsync(logs);
        Assert.Equal(["one", "three"], Lines());
        _sensor.Close();

        _files.Release();
        Assert.Equal(4, new LogSensor(_sensor.Options, TimeProvider.System).Tracks.Single(track => track.Path == At("dead.log")).Handed);
    }

    [Fact]
    public async Task With_too_many_threads_that_hang_no_other_is_left_behind_and_that_is_said()
    {
        Start();
        await WriteAsync("good.log", "one");
        var others = Enumerable.Range(0, LeftOutPaths.MostThreads).Select(_ => new object()).ToList();
        foreach (var other in others) _sensor.LeftOut.Left(other);
        _files.Block(LogWork.Read, At("dead.log"));
        Append("dead.log", "two");
        await UntilAsync(() => _ear.Heard<LogFinding>().Any(finding => finding.Name == "logs-not-read"), "the word that no log is read");
        Append("good.log", "three");
        _sensor.LeftOut.Back(others[0]);
        await UntilAsync(() => Lines().Contains("three"), "the line of another log");
        await UntilAsync(() => _ear.Heard<SensorGap>().Count > 0, "the gap");
        Assert.True((Assert.Single(_ear.Heard<SensorGap>()).From - _files.BlockedAt).Duration() < Exact);
    }

    [Fact]
    public async Task A_thread_that_nobody_can_replace_is_said_once_each_time_that_it_hangs_and_ends_its_gap_itself()
    {
        Start();
        await WriteAsync("dead.log", "one");
        for (var i = 0; i < LeftOutPaths.MostThreads; i++) _sensor.LeftOut.Left(new object());
        foreach (var times in (int[])[1, 2])
        {
            _files.Block(LogWork.Read, At("dead.log"));
            Append("dead.log", $"hung {times}");
            await UntilAsync(() => Count("logs-not-read") == times, $"word {times} that no log is read");
            var asked = _clock.Asked;
            await UntilAsync(() => _clock.Asked >= asked + 2, "two more looks at the thread");
            Assert.Equal(times, Count("logs-not-read"));
            var released = TimeProvider.System.GetUtcNow();
            _files.Release();
            await UntilAsync(() => _ear.Heard<SensorGap>().Count == times, $"gap {times}");
            var gap = _ear.Heard<SensorGap>()[^1];
            Assert.True((gap.From - _files.BlockedAt).Duration() < Exact && (gap.To - released).Duration() < Exact, $"{gap}, hung at {_files.BlockedAt:O}, released {released:O}");
            await UntilAsync(() => Lines().Contains($"hung {times}"), "the line");
        }

        Assert.Equal(["one", "hung 1", "hung 2"], Lines());
    }

    [Fact]
    public async Task A_thread_that_hangs_on_the_way_to_hand_on_hands_on_nothing_when_it_comes_back()
    {
        const string Dated = "Mar  3 15:30:25 a dated line";
        var logs = Start();
        await WriteAsync("good.log", "one");
        _clock.Hold();
        Append("good.log", Dated);
        await UntilAsync(() => _clock.Held == 1, "the hang");
        await UntilAsync(() => Lines().Contains(Dated), "the line, by another thread");
        await UntilAsync(() => _ear.Heard<SensorGap>().Count > 0, "the gap");
        Assert.Contains("a step of its own", Assert.Single(_ear.Heard<SensorGap>()).Reason);
        Assert.Empty(_sensor.LeftOut.Places);
        _clock.Release();
        await UntilAsync(() => _sensor.LeftOut.Hanging == 0, "the end of the thread that hung");
        await WriteAsync("good.log", "two");
        await DrainAsync(logs);
        Assert.Equal(["one", Dated, "two"], Lines());
        Assert.Equal(0, _sensor.Pool.Outstanding);
    }

    [Fact]
    public async Task A_thread_that_hangs_when_its_actor_ends_hands_on_nothing_any_more()
    {
        var logs = Start();
        await WriteAsync("dead.log", "one");
        _files.Block(LogWork.Read, At("dead.log"));
        Append("dead.log", "two");
        await UntilAsync(() => _files.Blocked == 1, "the hang");
        Assert.True(await logs.GracefulStop(Limit));
        Assert.Equal(1, _sensor.LeftOut.Hanging);
        _files.Release();
        await UntilAsync(() => _sensor.LeftOut.Hanging == 0, "the end of the thread that hung");
        Start("next");
        await UntilAsync(() => Lines().Contains("two"), "the line, by the next actor's thread");
        await WriteAsync("dead.log", "three");
        Assert.Equal(["one", "two", "three"], Lines());
    }

    [Fact]
    public async Task A_log_that_answers_is_read_at_once_and_not_at_the_next_look()
    {
        var sensor = new LogSensor(_sensor.Options with { LookInterval = TimeSpan.FromHours(1), PositionsFile = At("others") }, DiskFileSpace.Instance, _clock, _files);
        Start("rare", sensor);
        await UntilAsync(() => sensor.HasBegun, "the first look");
        await WriteAsync("dead.log", "one", sensor);
        _files.Block(LogWork.Read, At("dead.log"));
        Append("dead.log", "two");
        await UntilAsync(() => sensor.LeftOut.Places.Count == 1, "the word that it is left out");
        _files.Release();
        await UntilAsync(() => Lines().Contains("two"), "the line of the log that hung");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_does_not_wait_for_a_first_look_that_does_not_end(bool replaced)
    {
        var journal = new JournalReading("/nowhere/journalctl") { OnlyWithoutSystemLog = true };
        var sensor = new LogSensor(_sensor.Options with { Journal = journal }, DiskFileSpace.Instance, _clock, _files);
        for (var i = 0; i < LeftOutPaths.MostThreads && !replaced; i++) sensor.LeftOut.Left(new object());
        File.Delete(At("good.log"));
        _files.Block(LogWork.Stat, At("dead.log"));
        _system.ActorOf(Props.CreateFrom(() => new ParentActor(sensor, _ear.Ref)));
        await UntilAsync(() => _ear.Heard<SensorReady>().Count > 0, "the word that the sensor is ready");
        Assert.True(sensor.ReadsJournal, "the log of the system's logger does not answer, and the journal is not read");
        Assert.Equal(replaced, sensor.HasBegun);
    }

    [Fact]
    public async Task A_thread_that_is_handing_on_is_not_left_behind()
    {
        using var gate = new GateRef();
        using var reader = new LogReaderThread(_sensor, _ear.Ref, gate, _ear.Ref);
        reader.Start();
        await UntilAsync(() => _sensor.HasBegun, "the first look");
        Append("good.log", "one");
        await UntilAsync(() => gate.Waits, "the batch");
        Assert.False(reader.TryLeave(reader.Turn));
        gate.Open();
        await UntilAsync(() => reader.Turn.Work == LogWork.Wait, "the wait");
        Assert.Equal(4, _sensor.Tracks.Single(track => track.Path == At("good.log")).Committed);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private void Append(string name, string line) => File.AppendAllText(At(name), line + "\n");

    private int Count(string name) => _ear.Heard<LogFinding>().Count(finding => finding.Name == name);

    private async Task WriteAsync(string name, string line, LogSensor? sensor = null)
    {
        await UntilAsync(() => (sensor ?? _sensor).HasBegun, "the first look");
        Append(name, line);
        await UntilAsync(() => Lines().Contains(line), $"the line {line}");
    }

    private (string Log, string Name) Single(string name)
    {
        var finding = Assert.Single(_ear.Heard<LogFinding>(), finding => finding.Name == name);
        return (finding.Log, finding.Name);
    }

    private List<string> Lines() => [.. _ear.Heard<string>()];

    private IActorRef Start(string name = "logs", LogSensor? sensor = null)
    {
        var reader = _system.ActorOf(Props.CreateFrom(() => new LineActor(_ear.Ref)));
        return _system.ActorOf(Props.CreateFrom(() => new LogsActor(sensor ?? _sensor, reader, _ear.Ref)), name);
    }

    private static async Task DrainAsync(IActorRef logs) =>
        Assert.IsType<SensorDrained>(await logs.Ask(new DrainSensors(), Limit, TestContext.Current.CancellationToken));

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        var started = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"waited for {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Over the sensor; what that tells it, the test hears.</summary>
    private sealed class ParentActor(LogSensor sensor, IActorRef ear) : UntypedActor
    {
        protected override void PreStart() => Context.ActorOf(Props.CreateFrom(() => new LogsActor(sensor, ear, ear)), "logs");

        protected override void OnReceive(object message) => ear.Tell(message, Self);
    }

    /// <summary>Who keeps whoever tells it something, until it is opened.</summary>
    private sealed class GateRef : ActorRefBase, IDisposable
    {
        private readonly ManualResetEventSlim _open = new();
        private volatile bool _waits;

        public bool Waits => _waits;

        public override ActorPath Path => ActorRefs.Nobody.Path;

        public void Open() => _open.Set();

        public void Dispose() => _open.Set();

        public override void Tell(object message, IActorRef? sender)
        {
            _waits = true;
            _open.Wait();
            if (message is EventSlice slice) slice.Release();
        }
    }

    /// <summary>Tells the texts of slices, which are lent for the handler's time only.</summary>
    private sealed class LineActor(IActorRef ear) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not EventSlice slice) return;
            while (slice.MoveNext(out var view, out _)) ear.Tell(Encoding.UTF8.GetString(view.Raw), Self);
        }
    }
}
