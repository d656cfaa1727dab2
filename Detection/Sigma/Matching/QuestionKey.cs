using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Picket.Detection.Sigma.Matching;

/// <summary>
/// Identifies a question to events: equal keys mean equal answers. It is written part by part, each with its length where that is not
/// fixed, so that different questions are never written alike. Used again and again; long ones are known by their hash, since a rule may
/// list thousands of values.
/// </summary>
internal sealed class QuestionKey
{
    private const int Longest = 2 * SHA256.HashSizeInBytes;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Begins another one.</summary>
    public void Clear() => _bytes.ResetWrittenCount();

    /// <summary>Writes what the next parts are; an ASCII character.</summary>
    public void Add(char kind) => _bytes.Write([(byte)kind]);

    /// <summary>Writes a flag.</summary>
    public void Add(bool flag) => Add(flag ? '1' : '0');

    /// <summary>Writes a number.</summary>
    public void Add(int number) => _bytes.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in number)));

    /// <summary>Writes bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        _bytes.Write(bytes);
    }

    /// <summary>Writes a text.</summary>
    public void Add(string text) => Add(MemoryMarshal.AsBytes(text.AsSpan()));

    /// <summary>Writes something by its text in the invariant culture.</summary>
    public void Add(IFormattable value) => Add(value.ToString(null, CultureInfo.InvariantCulture));

    /// <summary>What was written, or stands for it.</summary>
    public override string ToString()
    {
        var written = _bytes.WrittenSpan;
        return written.Length < Longest ? Encoding.Latin1.GetString(written) : Convert.ToHexString(SHA256.HashData(written));
    }
}
