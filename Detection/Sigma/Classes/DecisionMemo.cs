using System.Runtime.InteropServices;

namespace Picket.Detection.Sigma.Classes;

/// <summary>
/// Decisions by the classes of an event's values: events whose values no rule can tell apart are decided once. Bounded, and compared whole.
/// Belongs to one engine and one route.
/// </summary>
/// <param name="width">Number of fields that the route's rules ask for.</param>
internal sealed class DecisionMemo(int width)
{
    private const int FirstEntries = 16;
    private const int MostEntries = 1 << 13;
    private const int MostInts = 1 << 18;
    private const int MostRules = 1 << 16;

    private readonly int _most = Math.Clamp(MostInts / Math.Max(1, width), FirstEntries, MostEntries);
    private Entry[] _entries = new Entry[FirstEntries];
    private int[] _tuples = new int[FirstEntries * width];
    private int[] _rules = new int[64];
    private int _ruleCount;
    private int _replaced;

    /// <summary>The rules of a decision: twice the rule's number, one more when it has to be asked.</summary>
    public ReadOnlySpan<int> Rules(Decision decision) => _rules.AsSpan(decision.Start, decision.Count); // hot

    /// <summary>The decision for these classes, when it is known.</summary>
    public bool TryFind(ReadOnlySpan<int> classes, out ulong hash, out Decision decision) // hot
    {
        hash = SeededHash.Of(width, MemoryMarshal.AsBytes(classes)) | 1;
        var at = IndexOf(hash);
        ref readonly var entry = ref _entries[at];
        decision = entry.Decision;
        return entry.Hash == hash && classes.SequenceEqual(_tuples.AsSpan(at * width, width));
    }

    /// <summary>Keeps a decision.</summary>
    /// <param name="classes">The classes.</param>
    /// <param name="hash">As <see cref="TryFind"/> gave it.</param>
    /// <param name="rules">The rules, as <see cref="Rules"/> gives them.</param>
    /// <param name="candidates">How many rules the index offered.</param>
    public Decision Add(ReadOnlySpan<int> classes, ulong hash, ReadOnlySpan<int> rules, int candidates) // hot
    {
        if (_ruleCount + rules.Length > MostRules) Clear();
        if (_replaced > _entries.Length && _entries.Length * 2 <= _most) Grow();
        var at = IndexOf(hash);
        if (_entries[at].Hash != 0) _replaced++;
        if (_ruleCount + rules.Length > _rules.Length) Array.Resize(ref _rules, Math.Max(_rules.Length * 2, _ruleCount + rules.Length));
        rules.CopyTo(_rules.AsSpan(_ruleCount));
        classes.CopyTo(_tuples.AsSpan(at * width, width));
        var decision = new Decision(_ruleCount, rules.Length, candidates);
        _entries[at] = new Entry(hash, decision);
        _ruleCount += rules.Length;
        return decision;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_entries);
        _ruleCount = _replaced = 0;
    }

    private int IndexOf(ulong hash) => (int)(hash >> 32) & (_entries.Length - 1); // hot

    private void Grow()
    {
        _entries = new Entry[_entries.Length * 2];
        _tuples = new int[_entries.Length * width];
        _ruleCount = _replaced = 0;
    }

    private readonly record struct Entry(ulong Hash, Decision Decision);
}
