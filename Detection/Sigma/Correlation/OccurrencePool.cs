namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// Blocks of occurrences, column by column: what is looked at with each match, the times, lies close together, the ids that only alerts
/// and late matches need lie apart, and what a correlation does not ask for takes no room.
/// </summary>
/// <param name="hasValues">Whether there is a column of values; without it they are zero.</param>
/// <param name="hasSources">Whether there is one of sources; likewise.</param>
internal sealed class OccurrencePool(bool hasValues, bool hasSources)
{
    private const int ChunkLog = BlockPool<long>.LargestLog;
    private const int ChunkMask = (1 << ChunkLog) - 1;

    private readonly BlockPool<long> _times = new(0);
    private readonly int _itemBytes =
        sizeof(long) + (2 * sizeof(ulong)) + (hasValues ? sizeof(long) : 0) + (hasSources ? sizeof(ushort) : 0);
    private (ulong High, ulong Low)[][] _ids = [];
    private long[][] _values = [];
    private ushort[][] _sources = [];

    /// <summary>Bytes of the blocks that are rented.</summary>
    public long InUse => _times.InUse / sizeof(long) * _itemBytes;

    /// <summary>Bytes that the pool holds.</summary>
    public long Held => _times.Held / sizeof(long) * _itemBytes;

    /// <summary>The logarithm of the size of the block that so many occurrences need.</summary>
    public int LogOf(int items) => _times.LogOf(items);

    /// <summary>Bytes of a block.</summary>
    public long BytesOf(int log) => (long)_itemBytes << log;

    /// <summary>A block whose items are what was left in them.</summary>
    public int Rent(int log)
    {
        var block = _times.Rent(log);
        if (block >> ChunkLog >= _ids.Length) Grow();
        return block;
    }

    /// <summary>Gives a block back.</summary>
    public void Return(int block, int log) => _times.Return(block, log);

    /// <summary>When an occurrence was.</summary>
    public long TimeOf(int block, int index) => _times.At(block, index); // hot

    /// <summary>Which rule matched.</summary>
    public int SourceOf(int block, int index) => hasSources ? _sources[block >> ChunkLog][(block & ChunkMask) + index] : 0; // hot

    /// <summary>An occurrence without its id, which lies elsewhere.</summary>
    public Occurrence Nameless(int block, int index) => new() // hot
    {
        Time = TimeOf(block, index),
        Value = hasValues ? _values[block >> ChunkLog][(block & ChunkMask) + index] : 0,
        Source = SourceOf(block, index),
    };

    /// <summary>An occurrence.</summary>
    public Occurrence Get(int block, int index) // hot
    {
        var occurrence = Nameless(block, index);
        (occurrence.IdHigh, occurrence.IdLow) = _ids[block >> ChunkLog][(block & ChunkMask) + index];
        return occurrence;
    }

    /// <summary>Writes an occurrence.</summary>
    public void Set(int block, int index, in Occurrence occurrence) // hot
    {
        var (chunk, at) = (block >> ChunkLog, (block & ChunkMask) + index);
        _times.At(block, index) = occurrence.Time;
        _ids[chunk][at] = (occurrence.IdHigh, occurrence.IdLow);
        if (hasValues) _values[chunk][at] = occurrence.Value;
        if (hasSources) _sources[chunk][at] = (ushort)occurrence.Source;
    }

    private void Grow()
    {
        _ids = [.. _ids, GC.AllocateUninitializedArray<(ulong, ulong)>(1 << ChunkLog)];
        if (hasValues) _values = [.. _values, GC.AllocateUninitializedArray<long>(1 << ChunkLog)];
        if (hasSources) _sources = [.. _sources, GC.AllocateUninitializedArray<ushort>(1 << ChunkLog)];
    }
}
