namespace Picket.Sensors.Evtx.BinXml;

/// <summary>What one step of a compiled piece of XML is.</summary>
internal enum XmlOpKind : byte
{
    /// <summary>An element begins; its attributes follow.</summary>
    Open,

    /// <summary>An attribute; what it says follows.</summary>
    Attribute,

    /// <summary>The attributes of an element end; its content follows.</summary>
    Body,

    /// <summary>An element ends.</summary>
    Close,

    /// <summary>Text that stands in the XML itself.</summary>
    Text,

    /// <summary>One of the values that come with the record.</summary>
    Value,
}
