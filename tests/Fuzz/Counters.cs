namespace Picket.Fuzz;

/// <summary>
/// What the blocks of rewritten assemblies count into. All assemblies of a search share one copy of it, that of their load context. For one
/// thread at a time.
/// </summary>
public static class Counters
{
    /// <summary>How many counters there are.</summary>
    public const int Size = 1 << 16;

    private static readonly byte[] Map = new byte[Size];
    private static uint _previous;
    private static long _budget = long.MaxValue;

    /// <summary>Counts the edge from the block that ran before to this one. Every block begins with a call of it.</summary>
    /// <param name="block">The block's number, spread over 32 bits.</param>
    /// <exception cref="TimeoutException">The execution took more blocks than it may.</exception>
    public static void Hit(uint block)
    {
        if (--_budget < 0) throw new TimeoutException();
        Map[(ushort)(block >> 16 ^ _previous)]++;
        _previous = block >> 17;
    }

    /// <summary>Clears the counters and allows what runs next so many blocks.</summary>
    public static void Begin(long budget)
    {
        Array.Clear(Map);
        _previous = 0;
        _budget = budget;
    }

    /// <summary>How many blocks are still allowed.</summary>
    public static long Left() => _budget;

    /// <summary>The counters themselves, by edge; two edges may share one, and each begins anew behind 255.</summary>
    public static byte[] Counts() => Map;
}
