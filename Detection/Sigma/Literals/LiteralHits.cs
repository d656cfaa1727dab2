using System.Numerics;
using System.Runtime.CompilerServices;

namespace Picket.Detection.Sigma.Literals;

/// <summary>
/// Which literals of a set a text has. They come out in their order whatever the order in which they were met, so that texts with the same
/// literals leave the same traces. Reused; belongs to one thread.
/// </summary>
internal sealed class LiteralHits
{
    private ulong[] _words = [];
    private int[] _taken = [];
    private int _used;

    /// <summary>Makes room for literals below <paramref name="count"/>; there are no hits.</summary>
    public void Begin(int count) // hot
    {
        _used = (count + 63) >> 6;
        if (_used <= _words.Length) return;
        _words = new ulong[_used];
        _taken = new int[_used << 6];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(int number) => (_words[number >> 6] >> (number & 63) & 1) != 0; // hot

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int number) => _words[number >> 6] |= 1UL << (number & 63); // hot

    /// <summary>Takes the hits out, ascending; what is done with the set is done with the span.</summary>
    public ReadOnlySpan<int> Take() // hot
    {
        var count = 0;
        var words = _words.AsSpan(0, _used);
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == 0) continue;
            for (var bits = words[i]; bits != 0; bits &= bits - 1) _taken[count++] = (i << 6) + BitOperations.TrailingZeroCount(bits);
            words[i] = 0;
        }

        return _taken.AsSpan(0, count);
    }
}
