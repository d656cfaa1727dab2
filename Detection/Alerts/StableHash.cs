using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Picket.Detection.Alerts;

/// <summary>
/// Hashes parts into a <see cref="StableId"/>. Each part goes in with its length, so that no two lists of parts run together.
/// </summary>
internal sealed class StableHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <param name="purpose">What the id is of, with a version: ids of different things never meet.</param>
    internal StableHash(string purpose) => Add(purpose);

    internal StableHash Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    internal StableHash Add(ReadOnlySpan<byte> bytes)
    {
        AddNumber((ulong)bytes.Length);
        _hash.AppendData(bytes);
        return this;
    }

    internal StableHash AddNumber(ulong number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        _hash.AppendData(bytes);
        return this;
    }

    internal StableHash Add(StableId id)
    {
        Span<byte> bytes = stackalloc byte[StableId.Size];
        id.Write(bytes);
        _hash.AppendData(bytes);
        return this;
    }

    internal StableId Finish()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        return StableId.Read(hash);
    }

    public void Dispose() => _hash.Dispose();
}
