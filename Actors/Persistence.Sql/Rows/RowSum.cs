using System.Numerics;
using System.Runtime.InteropServices;

namespace Picket.Actors.Persistence.Sql.Rows;

/// <summary>
/// The CRC-32C of a row: over every column and the persistence id's text, each behind its length, so that neither a flipped bit nor a
/// row under another id or number is taken for what was written. Text counts as UTF-16 code units, little-endian. The form is frozen.
/// </summary>
internal ref struct RowSum
{
    private uint _sum;

    public RowSum() => _sum = uint.MaxValue;

    public readonly uint Value => ~_sum;

    public void Add(long number) => _sum = BitOperations.Crc32C(_sum, (ulong)number); // hot

    public void Add(ReadOnlySpan<char> text) => Add(MemoryMarshal.AsBytes(text)); // hot

    public void Add(ReadOnlySpan<byte> bytes) // hot
    {
        var sum = BitOperations.Crc32C(_sum, (uint)bytes.Length);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        for (var i = 0; i < words.Length; i++) sum = BitOperations.Crc32C(sum, words[i]);
        for (var i = words.Length * 8; i < bytes.Length; i++) sum = BitOperations.Crc32C(sum, bytes[i]);
        _sum = sum;
    }
}
