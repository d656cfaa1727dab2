namespace Picket.Sensors.Evtx;

/// <summary>What is special about a field of a template.</summary>
[Flags]
internal enum FieldSlotFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It is an attribute: one that says nothing is left out.</summary>
    Attribute = 1,

    /// <summary>It is a <c>Data</c> element: one that says nothing is an empty text, not null.</summary>
    Data = 2,

    /// <summary>It stands among elements: where it says nothing, nothing is added.</summary>
    Among = 4,

    /// <summary>Its name is the value before it.</summary>
    Named = 8,

    /// <summary>It is when the event happened.</summary>
    Time = 16,
}
