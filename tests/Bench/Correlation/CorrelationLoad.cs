using Picket.Detection.Alerts;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;

namespace Picket.Bench.Correlation;

/// <summary>
/// Matches for one correlation: groups in random order, their events spread evenly over time, so that each group has so many in a window.
/// The events of a batch are made just before they are heard of, as a sensor makes them; the time for that does not count.
/// </summary>
internal sealed class CorrelationLoad : ICorrelationSink
{
    private const long Span = 60_000_000_000;
    private const long Start = 1_800_000_000_000_000_000;
    private const int BatchRecords = 512;
    private const int RememberedMatches = 1 << 18;

    private static readonly FieldId ValueField = FieldTable.Intern("Value");
    private static readonly EventSource Source = new("bench", "", null, 0);

    private readonly SigmaRuleSet _set;
    private readonly EventBatch _batch = new(BatchRecords, 1 << 18);
    private readonly int[] _order;
    private readonly int _groups;
    private readonly long _step;
    private readonly CorrelationEntries _entries = new();
    private CorrelationJournal? _journal;
    private long _trimmed;
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
        _groups = groups;
        _step = Span / ((long)groups * perWindow);
        _order = [.. Enumerable.Range(0, groups * perWindow)];
        new Random(1).Shuffle(_order);
    }

    public CorrelationEngine Engine { get; }

    /// <summary>Matches within one timespan.</summary>
    public int PerSpan => (int)(Span / _step);

    /// <summary>Where what groups take is written, as a node does; null for nowhere.</summary>
    public CorrelationJournal? Journal
    {
        get => _journal;
        set
        {
            _journal = value;
            Engine.Entries = value is null ? null : _entries;
        }
    }

    /// <summary>Lets the engine know so many other matches of a run before, as after a kill; or none any more.</summary>
    public void Remember(bool some)
    {
        if (!some)
        {
            Engine.ForgetEarlierRun();
            return;
        }

        var entries = new CorrelationEntries();
        for (var i = 0UL; i < RememberedMatches; i++) entries.AddTaken(1, new Occurrence { Time = Start, IdHigh = ~0UL, IdLow = i }, "k"u8);
        Engine.Replay(entries.Bytes, isTaken: true, static _ => true);
    }

    /// <summary>Hears of matches.</summary>
    /// <returns>Seconds of the processor that the engine took: the machine may have other work.</returns>
    public double Hear(int matches)
    {
        var seconds = 0.0;
        for (var left = matches; left > 0; left -= BatchRecords)
        {
            var count = Math.Min(left, BatchRecords);
            Fill(count);
            var before = Environment.CpuUsage.TotalTime;
            Hear();
            seconds += (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            _batch.LetGo();
        }

        return seconds;
    }

    public void OnFired(CorrelationFiring firing, in EventView view)
    {
    }

    private void Hear()
    {
        // The third rule never matches, so that the temporal types have all to do but to fire.
        var rules = _set.Correlations[0].Syntax.Rules.Count > 1 ? 2 : 1;
        for (var i = 0; i < _batch.Count; i++)
        {
            _next++;
            _time += _step;
            Engine.Hear(_set.Rules[(int)((_next >> 3) % (ulong)rules)], _batch.View(i), _time, new StableId(new UInt128(_next, ~_next)), this);
        }

        if (_journal is null) return;
        if (!_journal.Add(_entries.Bytes)) throw new IOException("the journal takes no more");
        _entries.Clear();
        if (_journal.End - _trimmed < _journal.MaxBytes / 2) return;
        _journal.Trim(_journal.End);
        _trimmed = _journal.End;
    }

    private void Fill(int count)
    {
        _batch.Begin(Source, null);
        Span<byte> text = stackalloc byte[32];
        for (var i = 0; i < count; i++)
        {
            var record = _order[(_next + (ulong)i) % (ulong)_order.Length];
            _batch.Add(EventKind.ProcessCreation);
            _batch.AddText(Fields.Image, "/usr/lib/openssh/sshd-session"u8);
            _batch.AddText(Fields.CommandLine, "sshd-session: unknown [preauth]"u8);
            _batch.AddText(Fields.User, text[..Format(text, "CORP\\user-"u8, record % _groups)]);
            _batch.AddText(ValueField, text[..Format(text, default, record / _groups)]);
        }
    }

    private static int Format(Span<byte> text, ReadOnlySpan<byte> prefix, int number)
    {
        prefix.CopyTo(text);
        number.TryFormat(text[prefix.Length..], out var length);
        return prefix.Length + length;
    }
}
