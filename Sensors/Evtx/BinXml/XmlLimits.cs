namespace Picket.Sensors.Evtx.BinXml;

/// <summary>
/// What one record, and one chunk, may be at most: 64 KiB can be made so that they repeat values, templates and records without end.
/// </summary>
internal static class XmlLimits
{
    /// <summary>Bytes of text of a record.</summary>
    public const int MostText = 1024 * 1024;

    /// <summary>Bytes of text of all records of a chunk: dozens of times what Windows can write into one.</summary>
    public const int MostTextOfChunk = 16 * 1024 * 1024;

    /// <summary>Steps of a record's templates.</summary>
    public const int MostSteps = 64 * 1024;

    /// <summary>Templates within values of templates.</summary>
    public const int MostNested = 8;

    /// <summary>Elements within elements, those of templates within values included.</summary>
    public const int MostDepth = 128;

    /// <summary>Bytes of one value.</summary>
    public const int LongestValue = 64 * 1024;
}
