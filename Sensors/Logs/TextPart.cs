namespace Picket.Sensors.Logs;

/// <summary>Where a part of a line lies in it.</summary>
/// <param name="Start">Offset of its first byte.</param>
/// <param name="Length">Bytes; 0 for a part that the line does not have.</param>
internal readonly record struct TextPart(int Start, int Length)
{
    /// <summary>Whether the line does not have the part.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>From <paramref name="start"/> to <paramref name="end"/>, which is behind the last byte.</summary>
    public static TextPart Between(int start, int end) => new(start, Math.Max(0, end - start));

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> line) => line.Slice(Start, Length); // hot
}
