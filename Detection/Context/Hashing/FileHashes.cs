using System.Text;

namespace Picket.Detection.Context.Hashing;

/// <summary>The hashes of one file, as Sysmon writes them: <c>MD5=..,SHA1=..,SHA256=..</c> in upper case. Immutable.</summary>
public sealed class FileHashes
{
    private readonly byte[] _text;

    private FileHashes(byte[] text, bool isUnsure)
    {
        _text = text;
        IsUnsure = isUnsure;
    }

    /// <summary>All of them.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>The MD5; empty when it was not asked for.</summary>
    public ReadOnlySpan<byte> Md5 => Part("MD5="u8);

    /// <summary>The SHA-1; empty when it was not asked for.</summary>
    public ReadOnlySpan<byte> Sha1 => Part("SHA1="u8);

    /// <summary>The SHA-256; empty when it was not asked for.</summary>
    public ReadOnlySpan<byte> Sha256 => Part("SHA256="u8);

    /// <summary>
    /// The file was changed within a tick of the clock that dates files before it was executed, and nobody executed it any more when it was
    /// read: had its content been exchanged within that tick, nothing would show it.
    /// </summary>
    public bool IsUnsure { get; }

    /// <summary>Writes the hashes; one that is empty was not asked for. Null when all are.</summary>
    public static FileHashes? Of(ReadOnlySpan<byte> md5, ReadOnlySpan<byte> sha1, ReadOnlySpan<byte> sha256, bool isUnsure = false)
    {
        var text = new StringBuilder(160);
        Add(text, "MD5=", md5);
        Add(text, "SHA1=", sha1);
        Add(text, "SHA256=", sha256);
        return text.Length == 0 ? null : new FileHashes(Encoding.ASCII.GetBytes(text.ToString()), isUnsure);
    }

    /// <summary>Hashes that an earlier stage or run wrote.</summary>
    internal static FileHashes Read(ReadOnlySpan<byte> text, bool isUnsure) => new(text.ToArray(), isUnsure);

    /// <summary>The same, unsure.</summary>
    internal FileHashes AsUnsure() => new(_text, true);

    private static void Add(StringBuilder text, string name, ReadOnlySpan<byte> hash)
    {
        if (hash.IsEmpty) return;
        if (text.Length > 0) text.Append(',');
        text.Append(name).Append(Convert.ToHexString(hash));
    }

    private ReadOnlySpan<byte> Part(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> rest = _text;
        while (!rest.IsEmpty)
        {
            var comma = rest.IndexOf((byte)',');
            var part = comma < 0 ? rest : rest[..comma];
            if (part.StartsWith(name)) return part[name.Length..];
            rest = comma < 0 ? default : rest[(comma + 1)..];
        }

        return default;
    }
}
