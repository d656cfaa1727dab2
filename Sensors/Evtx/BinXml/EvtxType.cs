namespace Picket.Sensors.Evtx.BinXml;

/// <summary>The types of values in binary XML, as files carry them.</summary>
internal enum EvtxType : byte
{
    /// <summary>No value.</summary>
    Null = 0x00,

    /// <summary>UTF-16 text.</summary>
    Text = 0x01,

    /// <summary>Text in the code page of the machine that wrote it; read as Windows-1252.</summary>
    AnsiText = 0x02,

    Int8 = 0x03,
    UInt8 = 0x04,
    Int16 = 0x05,
    UInt16 = 0x06,
    Int32 = 0x07,
    UInt32 = 0x08,
    Int64 = 0x09,
    UInt64 = 0x0A,
    Real32 = 0x0B,
    Real64 = 0x0C,

    /// <summary>Four bytes; anything but zeros is true.</summary>
    Bool = 0x0D,

    Binary = 0x0E,
    Guid = 0x0F,

    /// <summary>A size, of four or eight bytes.</summary>
    Size = 0x10,

    /// <summary>100 ns since 1601 UTC.</summary>
    FileTime = 0x11,

    /// <summary>Year, month, day of the week, day, hour, minute, second and millisecond, two bytes each.</summary>
    SystemTime = 0x12,

    /// <summary>A security identifier.</summary>
    Sid = 0x13,

    HexInt32 = 0x14,
    HexInt64 = 0x15,
    Handle = 0x20,

    /// <summary>Binary XML within the value.</summary>
    BinXml = 0x21,

    /// <summary>XML as text.</summary>
    Xml = 0x23,

    /// <summary>A bit beside the other types: several values of that type.</summary>
    Array = 0x80,
}
