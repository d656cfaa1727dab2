namespace Picket.Sensors.Evtx;

/// <summary>What one step of a plan adds to a record.</summary>
internal enum FieldSlotKind : byte
{
    /// <summary>Text that the template has itself.</summary>
    Literal,

    /// <summary>A value of the record, which is all that an element or attribute says.</summary>
    Value,

    /// <summary>Texts and values one after another.</summary>
    Joined,

    /// <summary>An element that says nothing.</summary>
    Empty,

    /// <summary>The name of the next field is a value itself.</summary>
    Name,

    /// <summary>An element with attributes has elements in it.</summary>
    Parent,
}
