using System.Runtime.CompilerServices;

namespace Picket.Detection.Sigma.Literals;

/// <summary>Small numbers, each at most once, in the order in which they came. Reused; belongs to one thread.</summary>
internal sealed class NumberSet
{
    private ulong[] _words = [];
    private int[] _numbers = [];
    private int _count;

    /// <summary>The numbers; what is done with the span is done with the set.</summary>
    public ReadOnlySpan<int> Numbers => _numbers.AsSpan(0, _count); // hot

    /// <summary>Empties the set and makes room for numbers below <paramref name="limit"/>.</summary>
    public void Begin(int limit) // hot
    {
        foreach (var number in Numbers) _words[number >> 6] = 0;
        _count = 0;
        if (limit <= _numbers.Length) return;
        _words = new ulong[(limit + 63) >> 6];
        _numbers = new int[limit];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(int number) => (_words[number >> 6] >> (number & 63) & 1) != 0; // hot

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int number) // hot
    {
        ref var word = ref _words[number >> 6];
        var bit = 1UL << (number & 63);
        if ((word & bit) != 0) return;
        word |= bit;
        _numbers[_count++] = number;
    }
}
