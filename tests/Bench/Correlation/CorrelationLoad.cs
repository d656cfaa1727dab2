using System.Text;
using Picket.Detection.Alerts;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;

namespace Picket.Bench.Correlation;

/// <summary>
/// Matches for one correlation: groups in random order, their events spread evenly over time, so that each group has so many in a window.
/// </summary>
internal sealed class CorrelationLoad : ICorrelationSink
{
    private const long Span = 60_000_000_000;
    private const long Start = 1_800_000_000_000_000_000;

    private readonly SigmaRuleSet _set;
    private readonly EventBatch _batch;
    private readonly int[] _order;
    private readonly long _step;
    private long _time = Start;
    private ulong _next;

    /// <param name="correlation">Type, rules and condition.</param>
    /// <param name="groups">How many groups.</param>
    /// <param name="perWindow">Matches of a group in a window.</param>
    public CorrelationLoad(string correlation, int groups, int perWindow)
    {
        _set = SigmaRuleSet.Parse(
            string.Concat("abc".Select(name => $"title: {name}\nname: {name}\nlogsource: {{product: x}}\ndetection: {{s: {{A: 1}}, condition: s}}\n---\n"))
            + $"title: t\ncorrelation:\n  group-by: [User]\n  timespan: 60s\n  {correlation.Replace("; ", "\n  ", StringComparison.Ordinal)}\n", "bench.yml");
        if (_set.Errors.Count > 0) throw new InvalidOperationException(_set.Errors[0].ToString());
        Engine = new CorrelationEngine(_set.Correlations, new CorrelationOptions { MaxBytes = 1L << 30 });
        _step = Span / ((long)groups * perWindow);
        var records = Math.Max(groups, Math.Min(groups * perWindow, 1 << 18));
        _batch = new EventBatch(records, 1 << 24);
        _batch.Begin(new EventSource("bench", "", null, 0), null);
        for (var i = 0; i < records; i++)
        {
            _batch.Add(EventKind.ProcessCreation);
            _batch.AddText(Fields.Image, "/usr/lib/openssh/sshd-session"u8);
            _batch.AddText(Fields.CommandLine, "sshd-session: unknown [preauth]"u8);
            _batch.AddText(Fields.User, Encoding.UTF8.GetBytes($"CORP\\user-{i % groups}"));
            _batch.AddText(FieldTable.Intern("Value"), Encoding.UTF8.GetBytes($"{i / groups % Math.Max(1, records / groups)}"));
        }

        _order = [.. Enumerable.Range(0, records)];
        new Random(1).Shuffle(_order);
    }

    public CorrelationEngine Engine { get; }

    /// <summary>Matches within one timespan.</summary>
    public int PerSpan => (int)(Span / _step);

    public void Hear(int matches)
    {
        // The third rule never matches, so that the temporal types have all to do but to fire.
        var rules = _set.Correlations[0].Syntax.Rules.Count > 1 ? 2 : 1;
        for (var i = 0; i < matches; i++)
        {
            _next++;
            _time += _step;
            var view = _batch.View(_order[_next % (ulong)_order.Length]);
            Engine.Hear(_set.Rules[(int)((_next >> 3) % (ulong)rules)], view, _time, new StableId(new UInt128(_next, ~_next)), this);
        }
    }

    public void OnFired(CorrelationFiring firing, in EventView view)
    {
    }
}
