using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Picket.Detection.Alerts;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// Hears of the matches of rules and says which correlations fire. Works on the times of events alone and knows no clock. An instance
/// belongs to one thread at a time.
/// </summary>
/// <remarks>
/// When a rule fires, its group is silent for a timespan from the end of the window that it fired for: no window fires that shares a moment
/// with that one. So an attack that goes on is one alert in each timespan, and a correlation over this one hears of it as often. Matches
/// that come late are put in their place, and windows that they complete fire if they end within the lateness behind the group's newest
/// match; older matches are counted and left out. An event without one of the fields of <c>group-by</c> is in a group of those without; one
/// that has none of them is in no group, since it would have nothing in common with the others.
/// </remarks>
public sealed class CorrelationEngine
{
    private readonly GroupWindows[] _windows;
    private readonly Dictionary<SigmaRule, CorrelationInput[]> _inputs;
    private readonly CorrelationOptions _options;
    private readonly CorrelationMemory _memory;
    private readonly KeyedHash _hash;
    private readonly EventKey _key = new();
    private readonly EventKey _values = new();

    private readonly Recollection _recollection = new();

    /// <summary>Where matches by the set before lead, and what of it is no more; until no such match can follow.</summary>
    private Dictionary<SigmaRule, CorrelationInput[]> _earlier = [];
    private GroupWindows[] _leaving = [];

    /// <summary>Makes an engine.</summary>
    /// <param name="rules">The correlation rules of one set, all of them.</param>
    /// <param name="options">The bounds; null for the defaults.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is out of its range.</exception>
    public CorrelationEngine(IReadOnlyList<CorrelationRule> rules, CorrelationOptions? options = null)
        : this(rules, options, new KeyedHash(RandomKey(), RandomKey()))
    {
    }

    private CorrelationEngine(IReadOnlyList<CorrelationRule> rules, CorrelationOptions? options, KeyedHash hash)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _options = options ??= new CorrelationOptions();
        options.Validate();
        _hash = hash;
        _memory = new CorrelationMemory(options.MaxBytes) { MakeRoom = EvictOldest };
        _windows = WindowsOf(rules, []);
        _inputs = CorrelationInput.Of(_windows);
    }

    private CorrelationEngine(CorrelationEngine before, IReadOnlyList<CorrelationRule> rules)
    {
        (_options, _hash, _memory, Counts) = (before._options, before._hash, before._memory, before.Counts);
        (_recollection, Entries) = (before._recollection, before.Entries);
        _windows = WindowsOf(rules, before._windows);
        _memory.MakeRoom = EvictOldest;
        _inputs = CorrelationInput.Of(_windows);
        _leaving = [.. before._windows.Except(_windows)];
        _earlier = Earlier(before);
    }

    /// <summary>What became of what it heard.</summary>
    public CorrelationCounts Counts { get; } = new();

    /// <summary>Gets what groups take, for a journal; null for nobody.</summary>
    internal CorrelationEntries? Entries { get; set; }

    /// <summary>Correlation rules.</summary>
    public int Rules => _windows.Length;

    /// <summary>Groups of all correlations.</summary>
    public int Groups => _windows.Sum(windows => windows.Count);

    /// <summary>Bytes in use for what groups hold, under the budget.</summary>
    public long BytesInUse => _memory.InUse;

    /// <summary>Bytes of all tables and pools.</summary>
    public long BytesHeld => _memory.Held + _windows.Sum(windows => windows.Held);

    /// <summary>
    /// An engine for these rules that goes on with what another one saved. Groups of rules whose text, or that of the rules that they refer
    /// to, is another one are left out. What is damaged is none: such an engine begins anew.
    /// </summary>
    /// <param name="rules">The correlation rules.</param>
    /// <param name="options">The bounds; null for the defaults.</param>
    /// <param name="saved">What <see cref="Save"/> wrote.</param>
    /// <param name="restored">How many groups came back; -1 when the bytes are damaged or of another version.</param>
    public static CorrelationEngine Restore(
        IReadOnlyList<CorrelationRule> rules, CorrelationOptions? options, ReadOnlySpan<byte> saved, out int restored)
    {
        restored = -1;
        if (!CorrelationForm.TryReadKey(saved, out var hash)) return new CorrelationEngine(rules, options);
        var engine = new CorrelationEngine(rules, options, hash);
        restored = CorrelationForm.Read(saved, engine._windows);
        return restored >= 0 ? engine : new CorrelationEngine(rules, options);
    }

    /// <summary>All groups, for a later <see cref="Restore"/>: after a restart, or for a new set of rules.</summary>
    public byte[] Save() => CorrelationForm.Write(_hash, _windows);

    /// <summary>
    /// The engine of another set of rules, which goes on with the groups of correlations that are the same, those below them included. It
    /// hears of matches by this set as well until <see cref="Retire"/>: they count for the correlations of this set. This engine is not
    /// used after that.
    /// </summary>
    public CorrelationEngine Next(IReadOnlyList<CorrelationRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        Retire();
        return new CorrelationEngine(this, rules);
    }

    /// <summary>No match by the set before can follow: what only such ones could need is given up.</summary>
    public void Retire()
    {
        foreach (var windows in _leaving) windows.Clear();
        _leaving = [];
        _earlier = [];
    }

    /// <summary>
    /// Takes what an engine with the same groups wrote into its <see cref="Entries"/> before it was killed. Nothing fires: what is owed
    /// fires when its match comes again.
    /// </summary>
    /// <param name="entries">What was written.</param>
    /// <param name="isTaken">Whether the groups have it already, from a snapshot.</param>
    /// <param name="isWritten">Says whether the alert with an id came to be.</param>
    internal void Replay(ReadOnlySpan<byte> entries, bool isTaken, Func<StableId, bool> isWritten)
    {
        while (CorrelationEntries.TryRead(ref entries, out var entry, out var key))
        {
            var windows = Array.Find(_windows, windows => windows.Tag == entry.Correlation);
            if (windows is null || (uint)entry.Occurrence.Source >= (uint)windows.Rule.Sources.Count) continue;
            if (!isTaken && entry.Fired is null) windows.Take(key, entry.Occurrence, out _, out _);
            _recollection.Add(entry, isWritten);
        }

        Counts.Clear();
    }

    /// <summary>What was under way when an earlier run was killed has come again.</summary>
    internal void ForgetEarlierRun() => _recollection.Clear();

    /// <summary>Hears of a match; rules that no correlation refers to are nothing to it.</summary>
    /// <param name="rule">The rule that matched.</param>
    /// <param name="view">The event.</param>
    /// <param name="timeNs">When it happened: nanoseconds since 1970 UTC.</param>
    /// <param name="id">The event's id.</param>
    /// <param name="sink">Told what fires.</param>
    public void Hear(SigmaRule rule, in EventView view, long timeNs, StableId id, ICorrelationSink sink) // hot
    {
        if (!_inputs.TryGetValue(rule, out var inputs) && !_earlier.TryGetValue(rule, out inputs)) return;
        for (var i = 0; i < inputs.Length; i++) Hear(inputs[i], view, timeNs, id, sink);
    }

    /// <summary>Forgets groups that no match from <paramref name="nowNs"/> on can need, for whoever has a clock.</summary>
    public void Expire(long nowNs)
    {
        foreach (var windows in _windows) windows.Expire(nowNs);
    }

    private void Hear(CorrelationInput input, in EventView view, long timeNs, StableId id, ICorrelationSink sink) // hot
    {
        _key.Read(view, input.Group);
        if ((input.Group.Length > 0 && _key.Found == 0) || _key.Bytes.Length > 1 << BlockPool<byte>.LargestLog)
        {
            Counts.Ungrouped++;
            return;
        }

        if (!TryReadValue(input, view, out var value))
        {
            Counts.Valueless++;
            return;
        }

        var windows = input.Windows;
        if (!_recollection.IsEmpty && _recollection.Knows(windows.Tag, id, input.Source, out var owed))
        {
            Counts.Duplicates++;
            if (owed is not null) FireAgain(input, view, owed, sink);
            return;
        }

        var occurrence = new Occurrence
        {
            Time = timeNs, IdHigh = (ulong)(id.Value >> 64), IdLow = (ulong)id.Value, Value = value, Source = input.Source,
        };
        var taken = Counts.Taken;
        var fires = windows.Take(_key.Bytes, occurrence, out var group, out var end);
        if (Counts.Taken != taken) Entries?.AddTaken(windows.Tag, occurrence, _key.Bytes);
        if (fires) Fire(input, view, occurrence, group, end, sink);
    }

    /// <summary>
    /// What the condition is about: the hash of the values, or the bits of the number; false when the event does not have it.
    /// </summary>
    private bool TryReadValue(CorrelationInput input, in EventView view, out long value) // hot
    {
        value = 0;
        if (input.Values.Length == 0) return true;
        if (input.Windows.Rule.Type != CorrelationType.ValueCount)
        {
            if (!TryReadNumber(view.First(input.Values[0]).Text, out var number)) return false;
            value = BitConverter.DoubleToInt64Bits(number);
            return true;
        }

        _values.Read(view, input.Values);
        if (_values.Found < input.Values.Length) return false;
        value = (long)_hash.Of(_values.Bytes);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, out double number) // hot
    {
        if (Utf8Parser.TryParse(text, out long whole, out var length) && length == text.Length)
        {
            number = whole;
            return true;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    private void Fire(CorrelationInput input, in EventView view, in Occurrence occurrence, int group, long end, ICorrelationSink sink)
    {
        Counts.Fired++;
        var rule = input.Windows.Rule;
        var window = input.Windows.WindowOf(group, end);
        var witnesses = input.Windows.WitnessesOf(window);
        var events = new StableId[witnesses.Length];
        for (var i = 0; i < events.Length; i++) events[i] = witnesses[i].Id;
        var id = AlertIds.OfAlert(rule.Alert, events);
        var firing = new CorrelationFiring(
            rule, id, events, witnesses[0].Time, end, GroupOf(rule), window.Length, input.Windows.AmountOf(window));
        Entries?.AddFired(input.Windows.Tag, occurrence, firing, input.Next.Count > 0);
        if (rule.Alerts) sink.OnFired(firing, view);
        foreach (var next in input.Next) Hear(next, view, end, id, sink);
    }

    /// <summary>What an earlier run fired for and may not have told: the same alert, whatever the group has become since.</summary>
    private void FireAgain(CorrelationInput input, in EventView view, FiredWindow owed, ICorrelationSink sink)
    {
        var rule = input.Windows.Rule;
        if (rule.Alerts && owed.Alerts)
        {
            Counts.Fired++;
            sink.OnFired(new CorrelationFiring(
                rule, owed.Id, owed.Events, owed.FromNs, owed.ToNs, GroupOf(rule), owed.Count, owed.Value), view);
        }

        foreach (var next in input.Next) Hear(next, view, owed.ToNs, owed.Id, sink);
    }

    /// <summary>The names of the group of the event in hand, with their values.</summary>
    private KeyValuePair<string, string?>[] GroupOf(CorrelationRule rule)
    {
        var values = EventKey.TextsOf(_key.Bytes);
        return [.. rule.GroupBy.Select((name, i) => new KeyValuePair<string, string?>(name, values[i]))];
    }

    /// <summary>Of the correlation that holds most.</summary>
    private bool EvictOldest()
    {
        GroupWindows? largest = null;
        foreach (var windows in _windows.Concat(_leaving))
        {
            if (windows.Count > 1 && (largest is null || windows.Occupied > largest.Occupied)) largest = windows;
        }

        return largest is not null && largest.EvictOldest();
    }

    /// <summary>
    /// The groups of each rule: those that it had before, and new ones. Rules that are the same go by their order, since each of them
    /// counts on its own.
    /// </summary>
    private GroupWindows[] WindowsOf(IReadOnlyList<CorrelationRule> rules, GroupWindows[] before)
    {
        var known = before.ToLookup(windows => windows.Rule.Identity);
        var places = new Dictionary<string, int>();
        var all = new GroupWindows[rules.Count];
        for (var i = 0; i < all.Length; i++)
        {
            var rule = rules[i];
            var place = places[rule.Identity] = places.GetValueOrDefault(rule.Identity, -1) + 1;
            all[i] = known[rule.Identity].ElementAtOrDefault(place)?.For(rule)
                ?? new GroupWindows(rule, place, _options, _memory, _hash, Counts);
        }

        return all;
    }

    /// <summary>
    /// A match by the set before goes to those of its correlations that live on, in this set, and to the others where they are.
    /// </summary>
    private Dictionary<SigmaRule, CorrelationInput[]> Earlier(CorrelationEngine before)
    {
        var kept = before._windows.Intersect(_windows).ToHashSet();
        var earlier = new Dictionary<SigmaRule, CorrelationInput[]>();
        foreach (var (rule, inputs) in before._inputs)
        {
            earlier[rule] = [.. inputs.Select(input => !kept.Contains(input.Windows) ? input
                : _inputs.Values.SelectMany(all => all).First(now => now.Windows == input.Windows && now.Source == input.Source))];
        }

        return earlier;
    }

    private static ulong RandomKey() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
