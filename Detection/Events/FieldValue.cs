namespace Picket.Detection.Events;

/// <summary>One value of one field, lent for as long as the event's lease.</summary>
public readonly ref struct FieldValue
{
    /// <summary>Makes a value of <paramref name="kind"/> over <paramref name="text"/>.</summary>
    public FieldValue(FieldKind kind, ReadOnlySpan<byte> text)
    {
        Kind = kind;
        Text = text;
    }

    /// <summary>The value's shape.</summary>
    public FieldKind Kind { get; }

    /// <summary>The value's bytes: UTF-8 for text, the digits for numbers, empty for <see cref="FieldKind.Null"/>.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Whether the event has the field at all.</summary>
    public bool IsPresent => Kind != FieldKind.Missing;
}
