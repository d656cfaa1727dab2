namespace Picket.Sensors.Evtx.BinXml;

/// <summary>
/// What was compiled of one chunk: steps, and the names and texts they speak of. Emptied for the next chunk; bounded, since a chunk may
/// be made so that each of its records has it compile another piece of the same bytes.
/// </summary>
internal sealed class XmlStore
{
    private const int MostOps = 256 * 1024;
    private const int MostText = 4 * 1024 * 1024;

    /// <summary>The steps.</summary>
    public BoundedList<XmlOp> Ops { get; } = new(4 * 1024, MostOps);

    /// <summary>The names and texts, as UTF-8.</summary>
    public BoundedList<byte> Texts { get; } = new(64 * 1024, MostText);

    /// <summary>A name or a text.</summary>
    public ReadOnlySpan<byte> TextOf(in XmlOp op) => Texts.Items.Slice(op.Start, op.Length); // hot

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Ops.CutTo(0);
        Texts.CutTo(0);
    }
}
