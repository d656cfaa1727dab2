using System.Runtime.Versioning;
using System.Text;
using Picket.Detection.Events;
using Picket.Detection.Events.Journal;
using Picket.Sensors.Logs;
using Picket.Sensors.Logs.Access;
using Picket.Sensors.Logs.Following;
using Picket.Sensors.Logs.Native;
using Picket.Spec.Journal;

namespace Picket.Spec.Logs;

/// <summary>A folder of logs and one who follows them, on a clock that only the test moves. Runs begin and are killed as the test says.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LogLab : IDisposable
{
    private readonly List<EventBatch> _held = [];
    private LogWatch? _watch;

    public LogLab(Func<LogsOptions, LogsOptions>? change = null, params (string Name, string Service)[] files)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "logs"));
        var watched = files.Length > 0 ? files : [("auth.log", "auth")];
        var options = new LogsOptions
        {
            Files = [.. watched.Select(file => new WatchedFiles(At(file.Name), file.Service))],
            PositionsFile = Path.Combine(Folder, "positions"),
            LedgerInterval = TimeSpan.FromSeconds(10),
            MaxLineBytes = 1024,
        };
        Options = change?.Invoke(options) ?? options;
        Sensor = new LogSensor(Options, DiskFileSpace.Instance, Clock);
    }

    public string Folder { get; } = TestFolder.Make("logs");

    public ManualClock Clock { get; } = new();

    public LogsOptions Options { get; }

    public LogSensor Sensor { get; private set; }

    public List<LogFinding> Findings { get; } = [];

    /// <summary>Lines as they came: their number, origin and text.</summary>
    public List<(ulong Sequence, string Origin, string Text, EventFlags Flags)> Seen { get; } = [];

    /// <summary>Whether batches are kept under way.</summary>
    public bool Holds { get; set; }

    public string At(string name) => Path.Combine(Folder, "logs", name);

    public void Append(string name, string text) => File.AppendAllText(At(name), text);

    /// <summary>Looks and reads until there is nothing more; the texts that came.</summary>
    public List<string> Read()
    {
        var before = Seen.Count;
        _watch ??= new LogWatch(Sensor, new LogAccess(Sensor.Files, Sensor.LeftOut), Findings.Add);
        for (var round = 0; round < 2; round++)
        {
            _watch.Look();
            while (_watch.Fill(out var batch, out var track, out var position))
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    var view = batch.View(i);
                    Seen.Add((view.Record.Sequence, view.Source.Origin, Encoding.UTF8.GetString(view.Raw), view.Record.Flags));
                }

                Sensor.Commit.Register(batch, track, position);
                if (Holds) _held.Add(batch);
                else batch.LetGo();
            }
        }

        return [.. Seen.Skip(before).Select(line => line.Text)];
    }

    /// <summary>
    /// Waits until the clock that dates files has passed this moment: a file that is made now is older than one that is made then, also where
    /// the kernel dates some files finer than that clock ticks.
    /// </summary>
    public static void AwaitTick()
    {
        var now = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        Assert.True(SpinWait.SpinUntil(() => LogLibc.FileClockNs > now, TimeSpan.FromSeconds(10)), "waited for the clock that dates files");
    }

    /// <summary>Completes what was held.</summary>
    public void LetGo()
    {
        foreach (var batch in _held) batch.LetGo();
        _held.Clear();
    }

    /// <summary>The run ends; what was under way is not done.</summary>
    public void Kill()
    {
        _watch?.Dispose();
        _watch = null;
        _held.Clear();
        Sensor = new LogSensor(Options, DiskFileSpace.Instance, Clock);
    }

    /// <summary>The run ends in order.</summary>
    public void Stop()
    {
        LetGo();
        Sensor.Close();
        Kill();
    }

    /// <summary>The thread dies and another takes over, with what is under way.</summary>
    public void NextThread()
    {
        _watch?.Dispose();
        _watch = null;
    }

    public void Dispose()
    {
        _watch?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
