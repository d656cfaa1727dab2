using Picket.Detection.Context;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;
using Picket.Spec.Journal;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>What correlations keep on a disk that can be cut off, damaged and filled: the state as their actor uses it, run after run.</summary>
internal sealed class CorrelationLab : ICorrelationSink, IDisposable
{
    public const string StateFile = "/data/correlation.state";
    public const string Folder = "/data/correlation";

    private readonly SigmaRuleSet _set;
    private CorrelationJournal? _journal;

    public CorrelationLab(SigmaRuleSet set, int seed = 1)
    {
        _set = set;
        Files = new FaultyFileSpace(seed);
        Start();
    }

    public FaultyFileSpace Files { get; }

    public ManualClock Clock { get; } = new();

    public CorrelationState State { get; private set; } = null!;

    public List<CorrelationFiring> Fired { get; } = [];

    /// <summary>Called when a run has opened the journal and not read it yet.</summary>
    public Action? Opened { get; set; }

    /// <summary>The bound of the journal's files.</summary>
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>The segments of the journal, oldest first.</summary>
    public IReadOnlyList<string> Segments =>
        [.. Files.List(Folder).Where(name => name.EndsWith(".segment", StringComparison.Ordinal)).Select(name => Path.Combine(Folder, name))];

    /// <summary>A run begins with what is there.</summary>
    public void Start()
    {
        _journal = CorrelationJournal.Open(Files, Folder, MaxBytes, Clock);
        Opened?.Invoke();
        State = new CorrelationState(_set.Correlations, new CorrelationOptions(), new CorrelationFile(Files, StateFile), _journal, _ => false,
            null!, new ProcessStories(), Clock)
        {
            SaveInterval = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>The process is killed, and another one begins.</summary>
    public void Kill()
    {
        Files.Kill();
        Start();
    }

    /// <summary>What was said since the last call.</summary>
    public string Said()
    {
        var said = State.Trouble ?? "";
        State.Trouble = null;
        return said;
    }

    /// <summary>A match of event <paramref name="number"/>, whose entries are written at once.</summary>
    public int Hear(int number, double second, params (string Field, string? Value)[] fields) => Hear(State.Engine, number, second, true, fields);

    /// <summary>The same for an engine that has no disk, or without a write.</summary>
    public int Hear(CorrelationEngine engine, int number, double second, bool writes, params (string Field, string? Value)[] fields)
    {
        var before = Fired.Count;
        var batch = SigmaEvents.Of(fields);
        engine.Hear(_set.Rules.Single(rule => rule.Name == "a"), batch.View(0), (long)(second * CorrelationRun.Second), CorrelationRun.IdOf(number), this);
        if (!writes) return Fired.Count - before;
        State.Hold(batch);
        State.Flush();
        return Fired.Count - before;
    }

    /// <summary>The engine that the last snapshot on the disk gives.</summary>
    public CorrelationEngine OfSnapshot()
    {
        var engine = CorrelationEngine.Restore(_set.Correlations, new CorrelationOptions(), Files.Content(StateFile).AsSpan(20), out var restored);
        Assert.True(restored >= 0, "the snapshot is damaged");
        return engine;
    }

    public void OnFired(CorrelationFiring firing, in EventView view) => Fired.Add(firing);

    public void Dispose() => _journal?.Dispose();
}
