using System.Buffers.Text;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>What all decoders do: fields over a record's strings, and numbers as text.</summary>
internal static class RecordFields
{
    /// <summary>The Sigma log source of the kernel's events of <paramref name="kind"/>.</summary>
    public static EventRoute RouteOf(EventKind kind) => EventRouteTable.Route("linux", EventCategories.Of(kind), null);

    /// <summary>
    /// Whether a slice is absent or lies whole in the heap of a record: behind the fixed part of <paramref name="size"/> bytes,
    /// before <paramref name="end"/>.
    /// </summary>
    public static bool Fits(in RecordSlice slice, int size, uint end) => // hot
        slice.Length == 0 || (slice.Offset >= (uint)size && slice.Offset <= end && slice.Length <= end - slice.Offset);

    /// <summary>What lies in a slice that <see cref="Fits"/>; the offset of an empty one says nothing.</summary>
    public static ReadOnlySpan<byte> BytesOf(ReadOnlySpan<byte> record, in RecordSlice slice) => // hot
        slice.Length == 0 ? default : record.Slice((int)slice.Offset, (int)slice.Length);

    /// <summary>
    /// Copies what follows the fixed part of a record into the arena, in one piece, and returns what to add to an offset in the
    /// record to have it in the arena.
    /// </summary>
    public static int CopyHeap(EventBatch batch, ReadOnlySpan<byte> record, int size) // hot
    {
        record[size..].CopyTo(batch.Reserve(record.Length - size, out var start));
        return start - size;
    }

    /// <summary>Adds a text field over a slice whose bytes were copied; none when it is empty.</summary>
    public static void Text(EventBatch batch, FieldId field, in RecordSlice slice, int shift) // hot
    {
        if (slice.Length > 0) batch.AddField(field, FieldKind.Text, (int)slice.Offset + shift, (int)slice.Length);
    }

    /// <summary>Adds a thread's name.</summary>
    public static void Name(EventBatch batch, in CommName comm) // hot
    {
        ReadOnlySpan<byte> name = comm;
        var length = name.IndexOf((byte)0);
        batch.AddText(Fields.ThreadName, length < 0 ? name : name[..length]);
    }

    /// <summary>Adds a number as its decimal digits.</summary>
    public static void Number(EventBatch batch, FieldId field, ulong value) // hot
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var length);
        batch.AddField(field, FieldKind.Number, batch.Append(digits[..length]), length);
    }

    /// <summary>Adds a number as the digits that people know it by, such as a mode in octal or an address in hexadecimal.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="field">The field.</param>
    /// <param name="value">The number.</param>
    /// <param name="shift">Bits a digit: 3 or 4.</param>
    /// <param name="width">Digits at least; zeros stand before the number.</param>
    public static void Digits(EventBatch batch, FieldId field, ulong value, int shift, int width = 1) // hot
    {
        Span<byte> digits = stackalloc byte[22];
        var at = digits.Length;
        do
        {
            digits[--at] = "0123456789abcdef"u8[(int)(value & ((1UL << shift) - 1))];
            value >>= shift;
        }
        while (value != 0 || digits.Length - at < width);

        batch.AddText(field, digits[at..]);
    }

    /// <summary>Adds a field that is true or false.</summary>
    public static void Boolean(EventBatch batch, FieldId field, bool value) // hot
    {
        var text = value ? "true"u8 : "false"u8;
        batch.AddField(field, FieldKind.Boolean, batch.Append(text), text.Length);
    }
}
