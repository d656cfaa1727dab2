using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// Blocks of a power of two of items, cut from large arrays and used again: a hundred thousand groups are no objects. A block is known
/// by its number. Free blocks are a list for each size, linked through their own first bytes.
/// </summary>
internal sealed class BlockPool<T> where T : unmanaged
{
    /// <summary>The logarithm of the largest block's size.</summary>
    public const int LargestLog = 16;

    private const int None = -1;

    private readonly int[] _free = new int[LargestLog + 1];
    private readonly int _leastLog;
    private T[][] _chunks = [];

    /// <param name="leastLog">The logarithm of the least block's size; a block of it holds at least four bytes.</param>
    public BlockPool(int leastLog)
    {
        _leastLog = leastLog;
        Array.Fill(_free, None);
    }

    /// <summary>Bytes of the blocks that are rented.</summary>
    public long InUse { get; private set; }

    /// <summary>Bytes that the pool holds.</summary>
    public long Held => (long)_chunks.Length * BytesOf(LargestLog);

    /// <summary>The logarithm of the size of the block that so many items need.</summary>
    public int LogOf(int items) => items <= 1 ? _leastLog : Math.Max(_leastLog, BitOperations.Log2((uint)(items - 1)) + 1);

    /// <summary>Bytes of a block.</summary>
    public static long BytesOf(int log) => (long)Unsafe.SizeOf<T>() << log;

    /// <summary>A block's items. The span is valid until the block is returned.</summary>
    public Span<T> Of(int block, int log) => // hot
        MemoryMarshal.CreateSpan(ref _chunks[block >> LargestLog][block & ((1 << LargestLog) - 1)], 1 << log);

    /// <summary>One of a block's items, likewise.</summary>
    public ref T At(int block, int index) => ref _chunks[block >> LargestLog][(block & ((1 << LargestLog) - 1)) + index]; // hot

    /// <summary>A block whose items are what was left in them.</summary>
    public int Rent(int log)
    {
        InUse += BytesOf(log);
        var found = log;
        while (found <= LargestLog && _free[found] == None) found++;
        if (found > LargestLog)
        {
            found = LargestLog;
            Array.Resize(ref _chunks, _chunks.Length + 1);
            _chunks[^1] = GC.AllocateUninitializedArray<T>(1 << LargestLog);
            Push((_chunks.Length - 1) << LargestLog, LargestLog);
        }

        var block = _free[found];
        _free[found] = Link(block);
        while (found > log)
        {
            found--;
            Push(block + (1 << found), found);
        }

        return block;
    }

    /// <summary>Gives a block back. With the last one all is free as at the start, since pieces are not put together again.</summary>
    public void Return(int block, int log)
    {
        InUse -= BytesOf(log);
        Push(block, log);
        if (InUse > 0) return;
        Array.Fill(_free, None);
        for (var i = 0; i < _chunks.Length; i++) Push(i << LargestLog, LargestLog);
    }

    private void Push(int block, int log)
    {
        Link(block) = _free[log];
        _free[log] = block;
    }

    private ref int Link(int block) =>
        ref Unsafe.As<T, int>(ref _chunks[block >> LargestLog][block & ((1 << LargestLog) - 1)]);
}
