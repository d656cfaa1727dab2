using System.Numerics;

namespace Picket.Detection.Sigma.Literals;

/// <summary>
/// Literals that a text starts with, or (read backwards) ends with. A walk ends at the first byte that no literal goes on with, which is
/// soon. Immutable.
/// </summary>
internal sealed class AffixTrie
{
    private const int None = -1;

    private readonly bool _backwards;
    private readonly int[] _roots = new int[256];
    private readonly ulong[] _edges;
    private readonly int _shift;
    private readonly int[] _firstNumber;
    private readonly int[] _numbers;

    /// <param name="literals">Each with its number; none is empty.</param>
    /// <param name="backwards">Whether texts end with them instead of starting.</param>
    public AffixTrie(IReadOnlyList<(int Number, byte[] Bytes)> literals, bool backwards)
    {
        _backwards = backwards;
        var children = new Dictionary<(int Node, byte Byte), int>();
        var ends = new List<List<int>> { new() };
        foreach (var (number, bytes) in literals)
        {
            var node = 0;
            for (var i = 0; i < bytes.Length; i++)
            {
                var step = (node, backwards ? bytes[^(i + 1)] : bytes[i]);
                if (!children.TryGetValue(step, out node))
                {
                    children[step] = node = ends.Count;
                    ends.Add([]);
                }
            }

            ends[node].Add(number);
        }

        _firstNumber = new int[ends.Count + 1];
        for (var node = 0; node < ends.Count; node++) _firstNumber[node + 1] = _firstNumber[node] + ends[node].Count;
        _numbers = [.. ends.SelectMany(numbers => numbers)];
        var bits = BitOperations.Log2((uint)Math.Max(1, children.Count)) + 2;
        _shift = 32 - bits;
        _edges = new ulong[1 << bits];
        Array.Fill(_edges, ulong.MaxValue);
        Array.Fill(_roots, None);
        foreach (var ((node, value), child) in children)
        {
            if (node == 0) _roots[value] = child;
            var key = ((uint)node << 8) | value;
            var slot = Slot(key);
            while (_edges[slot] != ulong.MaxValue) slot = (slot + 1) & (uint)(_edges.Length - 1);
            _edges[slot] = ((ulong)key << 32) | (uint)child;
        }
    }

    /// <summary>Adds the literals that <paramref name="text"/> starts or ends with.</summary>
    public void Scan(ReadOnlySpan<byte> text, LiteralHits hits) // hot
    {
        var node = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var value = text[_backwards ? text.Length - 1 - i : i];
            node = i == 0 ? _roots[value] : Child(node, value);
            if (node < 0) return;
            for (var at = _firstNumber[node]; at < _firstNumber[node + 1]; at++) hits.Add(_numbers[at]);
        }
    }

    private int Child(int node, byte value) // hot
    {
        var key = ((uint)node << 8) | value;
        var slot = Slot(key);
        while (true)
        {
            var edge = _edges[slot];
            if (edge == ulong.MaxValue) return None;
            if ((uint)(edge >> 32) == key) return (int)(uint)edge;
            slot = (slot + 1) & (uint)(_edges.Length - 1);
        }
    }

    private uint Slot(uint key) => (key * 0x9E3779B1) >> _shift; // hot
}
