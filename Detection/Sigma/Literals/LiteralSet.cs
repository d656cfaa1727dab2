using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Literals;

/// <summary>
/// All literals that are asked of one field: a text is read once, whatever their number. Those that lie anywhere hang on the rarest four of
/// their bytes, those at an end on tries, whole texts on their hash. Immutable, shared by all engines.
/// </summary>
internal sealed class LiteralSet
{
    private const int TripleLength = 3;
    private const int PairLength = 2;

    private readonly AffixTrie? _starts;
    private readonly AffixTrie? _ends;
    private readonly KeyedLiterals? _grams;
    private readonly KeyedLiterals? _triples;
    private readonly KeyedLiterals? _pairs;
    private readonly KeyTable? _wholes;
    private readonly (byte Byte, int Number)[] _singles;
    private readonly bool[] _wholeLengths;
    private readonly int _empty = -1;

    /// <param name="literals">Distinct and folded; a literal's place is its number.</param>
    public LiteralSet(IReadOnlyList<Literal> literals)
    {
        Count = literals.Count;
        var starts = new List<(int, byte[])>();
        var ends = new List<(int, byte[])>();
        var wholes = new List<(uint, KeyedLiteral)>();
        var triples = new List<(uint, KeyedLiteral)>();
        var pairs = new List<(uint, KeyedLiteral)>();
        var singles = new List<(byte, int)>();
        var inner = new List<(int Number, byte[] Bytes)>();
        for (var i = 0; i < literals.Count; i++)
        {
            var (bytes, atStart, atEnd) = literals[i];
            if (bytes.Length == 0) _empty = i;
            else if (atStart && atEnd) wholes.Add((Hash(bytes), new KeyedLiteral(i, 0, bytes)));
            else if (atStart) starts.Add((i, bytes));
            else if (atEnd) ends.Add((i, bytes));
            else if (bytes.Length == 1) singles.Add((bytes[0], i));
            else if (bytes.Length == PairLength) pairs.Add((Key(bytes), new KeyedLiteral(i, 0, bytes)));
            else if (bytes.Length == TripleLength) triples.Add((Key(bytes), new KeyedLiteral(i, 0, bytes)));
            else inner.Add((i, bytes));
        }

        if (starts.Count > 0) _starts = new AffixTrie(starts, backwards: false);
        if (ends.Count > 0) _ends = new AffixTrie(ends, backwards: true);
        if (wholes.Count > 0) _wholes = new KeyTable(wholes);
        if (triples.Count > 0) _triples = new KeyedLiterals(TripleLength, triples);
        if (pairs.Count > 0) _pairs = new KeyedLiterals(PairLength, pairs);
        if (inner.Count > 0) _grams = new KeyedLiterals(Grams.Length, Grams.Rarest(inner));
        _singles = [.. singles];
        _wholeLengths = new bool[wholes.Count == 0 ? 0 : wholes.Max(whole => whole.Item2.Bytes.Length) + 1];
        foreach (var (_, whole) in wholes) _wholeLengths[whole.Bytes.Length] = true;
    }

    /// <summary>Number of literals.</summary>
    public int Count { get; }

    /// <summary>Adds the literals of <paramref name="text"/>, which is folded, to <paramref name="hits"/>.</summary>
    public void Scan(ReadOnlySpan<byte> text, LiteralHits hits) // hot
    {
        hits.Begin(Count);
        if (text.IsEmpty)
        {
            if (_empty >= 0) hits.Add(_empty);
            return;
        }

        _starts?.Scan(text, hits);
        _ends?.Scan(text, hits);
        if (text.Length < _wholeLengths.Length && _wholeLengths[text.Length]) _wholes!.VerifyWhole(Hash(text), text, hits);
        _grams?.Scan(text, hits);
        _triples?.Scan(text, hits);
        _pairs?.Scan(text, hits);
        foreach (var (value, number) in _singles)
        {
            if (text.Contains(value)) hits.Add(number);
        }
    }

    private static uint Key(ReadOnlySpan<byte> bytes) => bytes[0] | ((uint)bytes[1] << 8) | (bytes.Length > 2 ? (uint)bytes[2] << 16 : 0);

    /// <summary>FNV-1a: whole literals are short, and rules choose what is in the table.</summary>
    private static uint Hash(ReadOnlySpan<byte> text) // hot
    {
        var hash = 2166136261u;
        foreach (var value in text) hash = (hash ^ value) * 16777619;
        return hash;
    }
}
