using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Context;
using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>What the actor of the correlations must not forget when it is restarted; owned by the composition root.</summary>
public sealed class CorrelationState
{
    internal const int Evaluated = 0, Failed = 1;

    private IReadOnlyList<CorrelationRule> _rules;
    private readonly CorrelationOptions _options;
    private readonly CorrelationFile? _file;
    private long _saved;

    /// <summary>Makes the state, with the groups of an earlier run where there is a file of them.</summary>
    /// <param name="rules">The correlation rules of the set.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="file">Where the groups outlive the process; null for nowhere.</param>
    /// <param name="builder">Makes alerts.</param>
    /// <param name="stories">Where firings enter the story of the process that completed them.</param>
    /// <param name="time">The clock.</param>
    public CorrelationState(IReadOnlyList<CorrelationRule> rules, CorrelationOptions options, CorrelationFile? file, AlertBuilder builder,
        ProcessStories stories, TimeProvider time)
    {
        _rules = rules;
        _options = options;
        _file = file;
        Builder = builder;
        Stories = stories;
        Time = time;
        Engine = Load();
    }

    /// <summary>The engine.</summary>
    public CorrelationEngine Engine { get; private set; }

    /// <summary>The stage's line of the ledger.</summary>
    public LedgerStage Stage { get; } = new("correlation", "evaluated", "failed");

    /// <summary>The edge to the alerts.</summary>
    public LedgerEdge Edge { get; } = new("correlation->alerts");

    /// <summary>The time between two writes of the groups.</summary>
    public required TimeSpan SaveInterval { get; init; }

    /// <summary>Groups that came back from an earlier run.</summary>
    public int Restored { get; private set; }

    /// <summary>Why an earlier run's groups did not come back, or these could not be written; null when all is well. Said once.</summary>
    internal string? Trouble { get; set; }

    /// <summary>The number of the set in force: 0 for the one of the start.</summary>
    internal long Generation { get; private set; }

    internal AlertBuilder Builder { get; }

    internal ProcessStories Stories { get; }

    internal TimeProvider Time { get; }

    /// <summary>Begins anew: what an engine that threw holds need not be whole.</summary>
    internal void Renew() => Engine = new CorrelationEngine(_rules, _options);

    /// <summary>Goes on with the correlation rules of another set.</summary>
    internal void Swap(IReadOnlyList<CorrelationRule> rules, long generation)
    {
        if (generation <= Generation) return;
        Engine = Engine.Next(rules);
        _rules = rules;
        Generation = generation;
    }

    /// <summary>Writes the groups if there is news.</summary>
    internal void Save()
    {
        if (_file is null || Engine.Counts.Taken == _saved) return;
        _saved = Engine.Counts.Taken;
        if (_file.Save(Engine.Save()) is { } trouble) Trouble = $"the groups of correlations cannot be written: {trouble}";
    }

    private CorrelationEngine Load()
    {
        try
        {
            if (_file?.Load() is not { } bytes) return new CorrelationEngine(_rules, _options);
            var engine = CorrelationEngine.Restore(_rules, _options, bytes, out var restored);
            if (restored < 0) Trouble = "the file with the groups of correlations is damaged: they begin anew";
            Restored = Math.Max(0, restored);
            return engine;
        }
        catch (IOException failure)
        {
            Trouble = $"the groups of correlations cannot be read and begin anew: {failure.Message}";
            return new CorrelationEngine(_rules, _options);
        }
    }
}
