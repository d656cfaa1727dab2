namespace Picket.Detection.Events;

/// <summary>What the shapes of field values have in common.</summary>
public static class FieldKinds
{
    /// <summary>
    /// Whether a value has a text: neither what is missing nor a null has one, and of an object only that it is there is known.
    /// </summary>
    public static bool HasText(FieldKind kind) => kind is >= FieldKind.Text and < FieldKind.Object; // hot
}
