using System.Security.Cryptography;

namespace Picket.Detection.Context.Hashing;

/// <summary>Reads a file once and makes all hashes of it. Not thread-safe.</summary>
internal sealed class FileHasher : IDisposable
{
    private const int ChunkBytes = 128 * 1024;

    private readonly uint _ownNamespace;
    private readonly byte[] _chunk = GC.AllocateUninitializedArray<byte>(ChunkBytes);
    private readonly IncrementalHash? _md5;
    private readonly IncrementalHash? _sha1;
    private readonly IncrementalHash? _sha256;

    /// <param name="algorithms">Which hashes.</param>
    /// <param name="ownNamespace">This process's own mount namespace.</param>
    public FileHasher(HashAlgorithms algorithms, uint ownNamespace)
    {
        _ownNamespace = ownNamespace;
        if (algorithms.HasFlag(HashAlgorithms.Md5)) _md5 = Make(HashAlgorithmName.MD5);
        if (algorithms.HasFlag(HashAlgorithms.Sha1)) _sha1 = Make(HashAlgorithmName.SHA1);
        if (algorithms.HasFlag(HashAlgorithms.Sha256)) _sha256 = Make(HashAlgorithmName.SHA256);
    }

    /// <summary>For tests: called between two chunks.</summary>
    internal Action? BetweenChunks { get; set; }

    /// <summary>Hashes the file of a request.</summary>
    /// <param name="request">The file.</param>
    /// <param name="stop">Ends the reading early, with <see cref="HashOutcome.Stopped"/>.</param>
    /// <param name="hashes">The hashes, with <see cref="HashOutcome.Known"/>.</param>
    public HashOutcome Hash(HashRequest request, CancellationToken stop, out FileHashes? hashes)
    {
        hashes = null;
        using var file = ExecutableFile.Open(request, _ownNamespace, out var reason);
        if (file is null) return reason;
        try
        {
            var outcome = Read(file, request.Key.Size, stop);
            if (outcome != HashOutcome.Known) return outcome;
            if (!file.IsUnchanged()) return HashOutcome.Changed;
            hashes = Take(request.IsFresh && !file.IsExecuted());
            return hashes is null ? HashOutcome.Unreadable : HashOutcome.Known;
        }
        finally
        {
            // What an early end left in them would be part of the next file.
            if (hashes is null) _ = Take(false);
        }
    }

    public void Dispose()
    {
        _md5?.Dispose();
        _sha1?.Dispose();
        _sha256?.Dispose();
    }

    private HashOutcome Read(ExecutableFile file, long size, CancellationToken stop)
    {
        for (var at = 0L; ;)
        {
            if (stop.IsCancellationRequested) return HashOutcome.Stopped;
            var length = HashLibc.Read(file.Handle, _chunk, at);
            if (length < 0) return HashOutcome.Unreadable;
            if (length == 0) return at == size ? HashOutcome.Known : HashOutcome.Changed;
            at += length;
            if (at > size) return HashOutcome.Changed;
            var part = _chunk.AsSpan(0, length);
            _md5?.AppendData(part);
            _sha1?.AppendData(part);
            _sha256?.AppendData(part);
            BetweenChunks?.Invoke();
        }
    }

    private FileHashes? Take(bool isUnsure)
    {
        Span<byte> md5 = stackalloc byte[16], sha1 = stackalloc byte[20], sha256 = stackalloc byte[32];
        return FileHashes.Of(Finish(_md5, md5), Finish(_sha1, sha1), Finish(_sha256, sha256), isUnsure);
    }

    private static ReadOnlySpan<byte> Finish(IncrementalHash? hash, Span<byte> into) =>
        hash is null ? default : into[..hash.GetHashAndReset(into)];

    /// <summary>A library in FIPS mode has no MD5: the others are still made.</summary>
    private static IncrementalHash? Make(HashAlgorithmName name)
    {
        try
        {
            return IncrementalHash.CreateHash(name);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
