namespace Picket.Detection.Events;

/// <summary>The shape of one field value.</summary>
public enum FieldKind : byte
{
    /// <summary>The event does not have the field.</summary>
    Missing = 0,

    /// <summary>The field is there and says null.</summary>
    Null = 1,

    /// <summary>UTF-8 text; bytes that are not UTF-8 stay as they are.</summary>
    Text = 2,

    /// <summary>A number; its digits are the text.</summary>
    Number = 3,

    /// <summary>The text is <c>true</c> or <c>false</c>.</summary>
    Boolean = 4,

    /// <summary>
    /// An object, whose fields are fields of their own; its text is empty. Told only where <see cref="PresenceTable"/> asks.
    /// </summary>
    Object = 5,
}
