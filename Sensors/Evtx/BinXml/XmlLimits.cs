namespace Picket.Sensors.Evtx.BinXml;

/// <summary>
/// What one record may be at most: a record of 64 KiB can be made so that it repeats its values and templates without end.
/// </summary>
internal static class XmlLimits
{
    /// <summary>Bytes of text.</summary>
    public const int MostText = 1024 * 1024;

    /// <summary>Steps of its templates.</summary>
    public const int MostSteps = 64 * 1024;

    /// <summary>Templates within values of templates.</summary>
    public const int MostNested = 8;

    /// <summary>Elements within elements, those of templates within values included.</summary>
    public const int MostDepth = 128;

    /// <summary>Bytes of one value.</summary>
    public const int LongestValue = 64 * 1024;
}
