using System.Runtime.InteropServices;
using Picket.Detection.Sigma.Index;

namespace Picket.Detection.Sigma.Classes;

/// <summary>
/// Classes of values: values that leave the same marks are of one class, and no rule can tell them apart. Grows while new ones come; its
/// owner empties it when it is <see cref="IsFull"/>. Belongs to one engine.
/// </summary>
/// <param name="network">The rules.</param>
internal sealed class ClassTable(RuleNetwork network)
{
    /// <summary>The class of values that leave no mark.</summary>
    public const int Unmarked = 0;

    private const int MaxClasses = 1 << 15;
    private const int MaxMarks = 1 << 20;
    private const int MaxRules = 1 << 20;

    private int[] _marks = new int[256];
    private int[] _rules = new int[256];
    private Entry[] _classes = new Entry[64];
    private int[] _slots = new int[128];
    private int _markCount;
    private int _ruleCount;
    private int _count = 1;

    /// <summary>Whether it is time to begin anew.</summary>
    public bool IsFull => // hot
        _count >= MaxClasses || _markCount >= MaxMarks || _ruleCount >= MaxRules;

    /// <summary>The atoms that mark the values of a class.</summary>
    public ReadOnlySpan<int> MarksOf(int number) => _marks.AsSpan(_classes[number].Start, _classes[number].Count); // hot

    /// <summary>The rules that these marks make candidates; a rule may be there several times.</summary>
    public ReadOnlySpan<int> RulesOf(int number) => _rules.AsSpan(_classes[number].FirstRule, _classes[number].RuleCount); // hot

    /// <summary>
    /// The class of these marks. Marks in another order make another class: whoever reads a value meets its literals in their order, so
    /// that it hardly ever happens, and costs no wrong answer.
    /// </summary>
    public int Of(ReadOnlySpan<int> marks) // hot
    {
        if (marks.IsEmpty) return Unmarked;
        var hash = (uint)SeededHash.Of(marks.Length, MemoryMarshal.AsBytes(marks));
        var slot = hash & (uint)(_slots.Length - 1);
        while (_slots[slot] != Unmarked)
        {
            var found = _slots[slot];
            if (_classes[found].Hash == hash && MarksOf(found).SequenceEqual(marks)) return found;
            slot = (slot + 1) & (uint)(_slots.Length - 1);
        }

        return Add(marks, hash, slot);
    }

    /// <summary>Forgets all classes.</summary>
    public void Clear()
    {
        _count = 1;
        _markCount = _ruleCount = 0;
        Array.Clear(_slots);
    }

    private int Add(ReadOnlySpan<int> marks, uint hash, uint slot)
    {
        if (_count == _classes.Length) Array.Resize(ref _classes, _count * 2);
        if (_markCount + marks.Length > _marks.Length) Array.Resize(ref _marks, Math.Max(_marks.Length * 2, _markCount + marks.Length));
        marks.CopyTo(_marks.AsSpan(_markCount));
        var firstRule = _ruleCount;
        foreach (var atom in marks)
        {
            var rules = network.RulesOf(atom);
            if (_ruleCount + rules.Length > _rules.Length) Array.Resize(ref _rules, Math.Max(_rules.Length * 2, _ruleCount + rules.Length));
            rules.CopyTo(_rules.AsSpan(_ruleCount));
            _ruleCount += rules.Length;
        }

        var number = _count++;
        _classes[number] = new Entry(_markCount, marks.Length, firstRule, _ruleCount - firstRule, hash);
        _markCount += marks.Length;
        _slots[slot] = number;
        if (_count * 2 > _slots.Length) Grow();
        return number;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (var number = 1; number < _count; number++)
        {
            var slot = _classes[number].Hash & (uint)(_slots.Length - 1);
            while (_slots[slot] != Unmarked) slot = (slot + 1) & (uint)(_slots.Length - 1);
            _slots[slot] = number;
        }
    }

    private readonly record struct Entry(int Start, int Count, int FirstRule, int RuleCount, uint Hash);
}
