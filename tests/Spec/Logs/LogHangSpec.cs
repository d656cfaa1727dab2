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
        _sensor = new LogSensor(options, DiskFileSpace.Instance, TimeProvider.System, _files);
    }

    public void Dispose()
    {
        _files.Release();
        _system.Terminate().Wait(Limit);
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

    private string At(string name) => Path.Combine(_folder, name);

    private void Append(string name, string line) => File.AppendAllText(At(name), line + "\n");

    private async Task WriteAsync(string name, string line)
    {
        if (!_sensor.HasBegun) await UntilAsync(() => _sensor.HasBegun, "the first look");
        Append(name, line);
        await UntilAsync(() => Lines().Contains(line), $"the line {line}");
    }

    private (string Log, string Name) Single(string name)
    {
        var finding = Assert.Single(_ear.Heard<LogFinding>(), finding => finding.Name == name);
        return (finding.Log, finding.Name);
    }

    private List<string> Lines() => [.. _ear.Heard<string>()];

    private IActorRef Start()
    {
        var reader = _system.ActorOf(Props.CreateFrom(() => new LineActor(_ear.Ref)));
        return _system.ActorOf(Props.CreateFrom(() => new LogsActor(_sensor, reader, _ear.Ref)), "logs");
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
