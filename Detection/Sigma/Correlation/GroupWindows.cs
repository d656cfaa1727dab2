using System.Globalization;
using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// The groups of one correlation rule and their windows. A window is all occurrences of a group within the timespan up to the time of one
/// of them, both ends included; a rule fires when its condition holds for a window that a new occurrence is in, the earliest of them, and
/// then not for windows that share a moment with that one or are before it.
/// </summary>
internal sealed class GroupWindows
{
    private const int None = -1;
    private const long NsPerTick = 100;

    /// <summary>What lies a whole timespan before a window's end is in it yet.</summary>
    private const long BothEnds = 1;

    private readonly CorrelationOptions _options;
    private readonly CorrelationMemory _memory;
    private readonly OccurrencePool _occurrences;
    private readonly CorrelationCounts _counts;
    private readonly Tally _tally;
    private readonly GroupTable _groups;
    private readonly long _span;
    private readonly long _lateness;
    private readonly int _largestLog;
    private readonly bool _isTemporal;
    private int _inHand = None;

    /// <summary>Makes a rule's groups, of which there are none yet.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="place">How many rules of its set are the same and before it.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="memory">The memory of all groups.</param>
    /// <param name="hash">The hash of groups' values.</param>
    /// <param name="counts">Gets what becomes of matches.</param>
    public GroupWindows(
        CorrelationRule rule, int place, CorrelationOptions options, CorrelationMemory memory, KeyedHash hash, CorrelationCounts counts)
    {
        Rule = rule;
        Tag = ulong.Parse(rule.Identity.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture) + (ulong)place;
        _options = options;
        _memory = memory;
        _counts = counts;
        _groups = new GroupTable(memory, hash);
        _span = rule.Timespan.Ticks * NsPerTick + BothEnds;
        _lateness = Math.Min(_span, options.Lateness.Ticks * NsPerTick);
        _isTemporal = rule.Type is CorrelationType.Temporal or CorrelationType.TemporalOrdered;
        var criteria = new Criteria(rule.Syntax.Criteria);
        var needed = rule.Type is CorrelationType.EventCount or CorrelationType.ValueCount ? (int)criteria.Highest + 1 : rule.Sources.Count;
        _occurrences = memory.Occurrences(rule.Syntax.Fields.Count > 0, rule.Sources.Count > 1);
        _largestLog = _occurrences.LogOf(Math.Max(options.MaxEvents, needed));
        _tally = rule.Type switch
        {
            CorrelationType.EventCount => new EventTally(criteria),
            CorrelationType.ValueCount => new DistinctTally(criteria, memory),
            CorrelationType.Temporal when rule.Syntax.Expression is { } expression =>
                new ExpressionTally(criteria, expression, [.. rule.Syntax.Rules.Select(reference => reference.Text)]),
            CorrelationType.Temporal => new SourceTally(criteria, rule.Sources.Count),
            CorrelationType.TemporalOrdered => new OrderTally(rule.Sources.Count),
            CorrelationType.ValuePercentile => new PercentileTally(criteria, rule.Syntax.Percentile),
            _ => new SumTally(criteria, rule.Type == CorrelationType.ValueAvg),
        };
        _tally.Grow(_groups.Capacity);
    }

    /// <summary>The rule.</summary>
    public CorrelationRule Rule { get; private set; }

    /// <summary>Names the rule in the journal, apart from others with its text: the same as long as the rule is the same.</summary>
    public ulong Tag { get; }

    /// <summary>Groups that are there.</summary>
    public int Count => _groups.Count;

    /// <summary>Bytes of the occurrences of all groups.</summary>
    public long Occupied { get; private set; }

    /// <summary>Bytes of the tables beside them.</summary>
    public long Held => _groups.Held + _groups.Capacity * _tally.BytesPerGroup;

    /// <summary>These, for the rule of another set that is the same.</summary>
    public GroupWindows For(CorrelationRule rule)
    {
        Rule = rule;
        return this;
    }

    /// <summary>Forgets all groups, and gives back what they hold.</summary>
    public void Clear()
    {
        _inHand = None;
        while (_groups.Oldest is var oldest && oldest != None) End(oldest);
    }

    /// <summary>Takes an occurrence in.</summary>
    /// <param name="key">The group's values.</param>
    /// <param name="occurrence">The occurrence.</param>
    /// <param name="group">The group's number.</param>
    /// <param name="end">When the rule fires, the end of the window that it fires for.</param>
    /// <returns>Whether the rule fires.</returns>
    public bool Take(ReadOnlySpan<byte> key, in Occurrence occurrence, out int group, out long end) // hot
    {
        end = 0;
        var hash = _groups.HashOf(key);
        group = _groups.Find(key, hash);
        if (group == None) group = Begin(key, hash, occurrence.Time);
        else _groups.Touch(group);
        _inHand = group;
        ref var state = ref _groups[group];
        if (occurrence.Time <= state.Newest - _span - _lateness)
        {
            _counts.Late++;
            return false;
        }

        if (state.Count > 0 && occurrence.Time <= state.Newest && IsKnown(ref state, occurrence))
        {
            _counts.Duplicates++;
            return false;
        }

        _counts.Taken++;
        if (occurrence.Time < state.Newest) return TakeLate(group, occurrence, out end);
        state.Newest = occurrence.Time;
        Advance(group, ref state);
        MakeRoom(group, ref state, occurrence.Source);
        Put(ref state, state.Count++, occurrence);
        _tally.Add(group, occurrence);
        if (occurrence.Time < state.SilentUntil) return false;
        if (!_tally.Holds(group, state.Count - state.Before, occurrence.Time - _span)) return false;
        end = occurrence.Time;
        state.SilentUntil = end + _span;
        return true;
    }

    /// <summary>The occurrences of a group's window that ends then, in the order of their times.</summary>
    public Occurrence[] WindowOf(int group, long end)
    {
        ref var state = ref _groups[group];
        var from = FirstAfter(ref state, end - _span);
        var window = new Occurrence[FirstAfter(ref state, end) - from];
        for (var i = 0; i < window.Length; i++) window[i] = At(ref state, from + i);
        return window;
    }

    /// <summary>What the condition compared of a window.</summary>
    public double AmountOf(ReadOnlySpan<Occurrence> window) => _tally.AmountOf(window);

    /// <summary>The occurrences of a window that an alert names.</summary>
    public ReadOnlySpan<Occurrence> WitnessesOf(ReadOnlySpan<Occurrence> window) => _tally.Witnesses(window);

    /// <summary>Takes the group away that was quiet longest, unless it is the one in hand; false when there is none.</summary>
    public bool EvictOldest()
    {
        var oldest = _groups.Oldest;
        if (oldest == None || oldest == _inHand) return false;
        End(oldest);
        _counts.EvictedGroups++;
        return true;
    }

    /// <summary>Takes groups away that no occurrence from now on can need, as far as they were quiet longest.</summary>
    public void Expire(long now)
    {
        while (_groups.Oldest is var oldest && oldest != None && _groups[oldest].Newest + _span + _lateness <= now) End(oldest);
    }

    /// <summary>Hands all groups on, the one that was quiet longest first.</summary>
    public void Export(GroupReceiver receiver)
    {
        for (var number = _groups.Oldest; number != None; number = _groups.After(number))
        {
            ref var state = ref _groups[number];
            var all = new Occurrence[state.Count];
            for (var i = 0; i < all.Length; i++) all[i] = At(ref state, i);
            receiver(_groups.KeyOf(state), state.SilentUntil, all);
        }
    }

    /// <summary>Takes a group that <see cref="Export"/> handed on, with its occurrences in their order; it is the newest.</summary>
    public void Import(ReadOnlySpan<byte> key, long silentUntil, ReadOnlySpan<Occurrence> occurrences)
    {
        if (occurrences.IsEmpty || _groups.Find(key, _groups.HashOf(key)) != None) return;
        var group = _inHand = Begin(key, _groups.HashOf(key), occurrences[0].Time);
        ref var state = ref _groups[group];
        foreach (ref readonly var occurrence in occurrences)
        {
            state.Newest = occurrence.Time;
            Advance(group, ref state);
            MakeRoom(group, ref state, occurrence.Source);
            Put(ref state, state.Count++, occurrence);
            _tally.Add(group, occurrence);
        }

        state.SilentUntil = silentUntil;
    }

    private static int Slot(in Group state, int index) => (state.Head + index) & ((1 << state.RingLog) - 1); // hot

    private Occurrence At(ref Group state, int index) => _occurrences.Get(state.Ring, Slot(state, index)); // hot

    /// <summary>The same for whoever does not ask for its id.</summary>
    private Occurrence Nameless(ref Group state, int index) => _occurrences.Nameless(state.Ring, Slot(state, index)); // hot

    private long TimeAt(ref Group state, int index) => _occurrences.TimeOf(state.Ring, Slot(state, index)); // hot

    private int SourceAt(ref Group state, int index) => _occurrences.SourceOf(state.Ring, Slot(state, index));

    private void Put(ref Group state, int index, in Occurrence occurrence) => // hot
        _occurrences.Set(state.Ring, Slot(state, index), occurrence);

    private int Begin(ReadOnlySpan<byte> key, ulong hash, long time)
    {
        if (_groups.Count >= _options.MaxGroups) EvictAny();
        _inHand = None;
        var group = _groups.Add(key, hash);
        _tally.Grow(_groups.Capacity);
        _tally.Clear(group);
        _inHand = group;
        _memory.Reserve(_occurrences.BytesOf(0));
        ref var state = ref _groups[group];
        state.Ring = _occurrences.Rent(0);
        state.Newest = time;
        Occupied += _occurrences.BytesOf(0);
        return group;
    }

    private void EvictAny()
    {
        _inHand = None;
        EvictOldest();
    }

    private void End(int group)
    {
        ref var state = ref _groups[group];
        _tally.Clear(group);
        _occurrences.Return(state.Ring, state.RingLog);
        Occupied -= _occurrences.BytesOf(state.RingLog);
        _groups.Remove(group);
    }

    /// <summary>Lets go of what no window needs any more, and of the room for it.</summary>
    private void Advance(int group, ref Group state) // hot
    {
        var start = state.Newest - _span;
        while (state.Before < state.Count && TimeAt(ref state, state.Before) <= start)
            _tally.Remove(group, Nameless(ref state, state.Before++));
        while (state.Before > 0 && TimeAt(ref state, 0) <= start - _lateness)
        {
            state.Head = Slot(state, 1);
            state.Count--;
            state.Before--;
        }

        if (state.RingLog > 4 && state.Count << 3 < 1 << state.RingLog) Resize(ref state, state.RingLog - 1);
    }

    private void MakeRoom(int group, ref Group state, int source) // hot
    {
        if (state.Count < 1 << state.RingLog) return;
        if (state.RingLog < _largestLog)
        {
            Resize(ref state, state.RingLog + 1);
            return;
        }

        Thin(group, ref state, source);
        _counts.EvictedEvents++;
    }

    /// <summary>
    /// The oldest goes. Where different rules must match it is the oldest of the rule that matches so often, else a flood of one rule's
    /// matches would wash away the one match of another.
    /// </summary>
    private void Thin(int group, ref Group state, int source)
    {
        var victim = _isTemporal ? FirstOf(ref state, source) : 0;
        if (victim == state.Count) victim = FirstOf(ref state, SourceAt(ref state, state.Count - 1));
        if (victim < state.Before) state.Before--;
        else _tally.Remove(group, Nameless(ref state, victim));
        for (var i = victim; i > 0; i--) Put(ref state, i, At(ref state, i - 1));
        state.Head = Slot(state, 1);
        state.Count--;
    }

    private int FirstOf(ref Group state, int source)
    {
        var index = 0;
        while (index < state.Count && SourceAt(ref state, index) != source) index++;
        return index;
    }

    private void Resize(ref Group state, int log)
    {
        _memory.Reserve(_occurrences.BytesOf(log));
        var block = _occurrences.Rent(log);
        for (var i = 0; i < state.Count; i++) _occurrences.Set(block, i, At(ref state, i));
        _occurrences.Return(state.Ring, state.RingLog);
        Occupied += _occurrences.BytesOf(log) - _occurrences.BytesOf(state.RingLog);
        state.Ring = block;
        state.RingLog = (byte)log;
        state.Head = 0;
    }

    /// <summary>How many occurrences are not later than a time.</summary>
    private int FirstAfter(ref Group state, long time) // hot
    {
        int low = 0, high = state.Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (TimeAt(ref state, middle) <= time) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private bool IsKnown(ref Group state, in Occurrence occurrence) // hot
    {
        for (var i = FirstAfter(ref state, occurrence.Time) - 1; i >= 0; i--)
        {
            if (TimeAt(ref state, i) != occurrence.Time) return false;
            if (At(ref state, i).IsSame(occurrence)) return true;
        }

        return false;
    }

    private bool TakeLate(int group, in Occurrence occurrence, out long end)
    {
        ref var state = ref _groups[group];
        MakeRoom(group, ref state, occurrence.Source);
        var at = FirstAfter(ref state, occurrence.Time);
        for (var i = state.Count++; i > at; i--) Put(ref state, i, At(ref state, i - 1));
        Put(ref state, at, occurrence);
        var isBefore = occurrence.Time <= state.Newest - _span;
        if (isBefore) state.Before++;
        else if (_tally.IsReversible) _tally.Add(group, occurrence);
        var earliest = Math.Max(Math.Max(occurrence.Time, state.Newest - _lateness), state.SilentUntil);
        end = _tally.IsReversible
            ? SearchBack(group, ref state, earliest, occurrence.Time + _span)
            : SearchAll(group, ref state, earliest, occurrence.Time + _span);
        if (end == long.MaxValue) return false;
        state.SilentUntil = end + _span;
        return true;
    }

    /// <summary>
    /// Goes back window by window from the newest to the earliest, and forward again: what it costs depends on how late the occurrence
    /// is, and not on how long the window is.
    /// </summary>
    private long SearchBack(int group, ref Group state, long earliest, long before)
    {
        var found = long.MaxValue;
        int low = state.Before, high = state.Count;
        while (high > 0 && TimeAt(ref state, high - 1) is var end && end >= earliest)
        {
            for (; low > 0 && TimeAt(ref state, low - 1) > end - _span; low--) _tally.Add(group, Nameless(ref state, low - 1));
            if (end < before && _tally.Holds(group, high - low, end - _span)) found = end;
            for (; high > low && TimeAt(ref state, high - 1) == end; high--) _tally.Remove(group, Nameless(ref state, high - 1));
        }

        for (; high < state.Count; high++) _tally.Add(group, Nameless(ref state, high));
        for (; low < state.Before; low++) _tally.Remove(group, Nameless(ref state, low));
        return found;
    }

    /// <summary>Goes through all that is kept, in order.</summary>
    private long SearchAll(int group, ref Group state, long earliest, long before)
    {
        var found = long.MaxValue;
        _tally.Clear(group);
        for (var i = 0; i < state.Count; i++)
        {
            var occurrence = Nameless(ref state, i);
            _tally.Add(group, occurrence);
            var end = occurrence.Time;
            if (i + 1 < state.Count && TimeAt(ref state, i + 1) == end) continue;
            if (end >= earliest && end < before && found == long.MaxValue && _tally.Holds(group, 0, end - _span)) found = end;
        }

        return found;
    }
}
