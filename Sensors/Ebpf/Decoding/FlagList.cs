using Picket.Detection.Events;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>Bits as their names, joined by <c>|</c>.</summary>
internal static class FlagList
{
    /// <summary>Adds a field with the names of the set bits; none when no bit with a name is set.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="field">The field.</param>
    /// <param name="bits">The bits.</param>
    /// <param name="names">A name each, from the lowest bit; empty for a bit that is not said.</param>
    public static void Add(EventBatch batch, FieldId field, uint bits, byte[][] names) // hot
    {
        Span<byte> text = stackalloc byte[256];
        var length = 0;
        for (var i = 0; i < names.Length && length < 224; i++)
        {
            if ((bits >> i & 1) != 0) Append(text, ref length, names[i]);
        }

        if (length > 0) batch.AddText(field, text[..length]);
    }

    /// <summary>Adds a name behind those that are there.</summary>
    public static void Append(Span<byte> text, ref int length, ReadOnlySpan<byte> name) // hot
    {
        if (name.IsEmpty) return;
        if (length > 0) text[length++] = (byte)'|';
        name.CopyTo(text[length..]);
        length += name.Length;
    }
}
