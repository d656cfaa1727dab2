namespace Picket.Sensors.Evtx.BinXml;

/// <summary>One step of a compiled piece of XML.</summary>
internal struct XmlOp
{
    /// <summary>What it is.</summary>
    public XmlOpKind Kind;

    /// <summary>The type that the XML gives a value; the one that comes with the value counts.</summary>
    public EvtxType Type;

    /// <summary>Of <see cref="XmlOpKind.Open"/>: whether there are elements in it.</summary>
    public bool HasElements;

    /// <summary>Which value.</summary>
    public ushort Value;

    /// <summary>Where the name or the text begins, as UTF-8 in the store.</summary>
    public int Start;

    /// <summary>Its length.</summary>
    public int Length;
}
