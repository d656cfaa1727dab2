using Picket.Detection.Alerts;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>An engine that is told of matches by rule name, second and fields; remembers what fired.</summary>
internal sealed class CorrelationRun(SigmaRuleSet set, CorrelationOptions? options = null) : ICorrelationSink
{
    public const long Second = 1_000_000_000;

    private int _next;

    public CorrelationEngine Engine { get; set; } = new(set.Correlations, options);

    public List<CorrelationFiring> Fired { get; } = [];

    /// <summary>A match of an event of its own.</summary>
    /// <returns>How many correlations that alert fired for it.</returns>
    public int Hear(string rule, double second, params (string Field, string? Value)[] fields) => HearAs(++_next, rule, second, fields);

    /// <summary>A match of the event with a number.</summary>
    public int HearAs(int number, string rule, double second, params (string Field, string? Value)[] fields) =>
        HearAs(number, set.Rules.Single(known => known.Name == rule), second, fields);

    /// <summary>The same of a rule.</summary>
    public int HearAs(int number, SigmaRule rule, double second, params (string Field, string? Value)[] fields)
    {
        var before = Fired.Count;
        var batch = SigmaEvents.Of(fields);
        Engine.Hear(rule, batch.View(0), (long)(second * Second), IdOf(number), this);
        return Fired.Count - before;
    }

    public static StableId IdOf(int number) => new((UInt128)number << 64 | (uint)number);

    /// <summary>The numbers of a firing's events.</summary>
    public static IEnumerable<int> NumbersOf(CorrelationFiring firing) => firing.Events.Select(id => (int)id.Value);

    public void OnFired(CorrelationFiring firing, in EventView view) => Fired.Add(firing);
}
