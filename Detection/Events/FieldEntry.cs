namespace Picket.Detection.Events;

/// <summary>Where one field value of a record lies in its batch's arena. Entries of one field with several values are neighbours.</summary>
public readonly struct FieldEntry
{
    /// <summary>Makes an entry.</summary>
    public FieldEntry(FieldId id, FieldKind kind, int start, int length)
    {
        Id = id;
        Kind = kind;
        Start = start;
        Length = length;
    }

    /// <summary>The field; <see cref="FieldId.Unnamed"/> for a name that no rule has asked for.</summary>
    public FieldId Id { get; }

    /// <summary>The value's shape.</summary>
    public FieldKind Kind { get; }

    /// <summary>Offset of the first byte in the arena.</summary>
    public int Start { get; }

    /// <summary>Length in bytes.</summary>
    public int Length { get; }
}
