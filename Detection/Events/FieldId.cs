namespace Picket.Detection.Events;

/// <summary>A field's interned name; see <see cref="FieldTable"/>. Valid within this process only, never written out.</summary>
/// <param name="Value">The index in the table; 0 is no field.</param>
public readonly record struct FieldId(ushort Value)
{
    /// <summary>Stands for a field that no rule has named: its value is searched by keywords and by nothing else.</summary>
    public static FieldId Unnamed => default;
}
