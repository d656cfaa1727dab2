using System.Buffers.Binary;

namespace Picket.Sensors.Evtx.BinXml;

/// <summary>
/// Reads the pieces of XML that a record, or a value in one, consists of: templates with their values, and plain elements.
/// </summary>
internal sealed class FragmentReader
{
    private const byte EndOfFile = 0x00, OpenElement = 0x01, InstructionTarget = 0x0A, TemplateInstance = 0x0C, FragmentHeader = 0x0F;
    private const byte More = 0x40;
    private const int FragmentHeaderSize = 4;
    private const int InstanceHeaderSize = 10;
    private const int SmallestFragment = 12;
    private const int MostValues = 256 * 1024;

    /// <summary>What was compiled of the chunk.</summary>
    public DefinitionSet Definitions { get; } = new();

    /// <summary>The values of the pieces that are under way; who is done with a piece cuts its values off.</summary>
    public BoundedList<Substitution> Values { get; } = new(1024, MostValues);

    /// <summary>Why the last piece could not be read; its message is null at the end.</summary>
    public XmlFault Fault { get; private set; }

    /// <summary>Forgets all, for another chunk.</summary>
    public void Clear()
    {
        Definitions.Clear();
        Values.CutTo(0);
    }

    /// <summary>Reads the next piece; false at the end and at a <see cref="Fault"/>.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="at">Where it begins; goes behind it.</param>
    /// <param name="end">Where the pieces end.</param>
    /// <param name="piece">The piece.</param>
    public bool TryNext(ReadOnlySpan<byte> chunk, ref int at, int end, out XmlPiece piece) // hot
    {
        Fault = default;
        piece = default;
        while (at < end)
        {
            switch (chunk[at] & ~More)
            {
                case FragmentHeader:
                    at += FragmentHeaderSize;
                    break;
                case TemplateInstance:
                    return Instance(chunk, ref at, end, out piece);
                case OpenElement or InstructionTarget:
                    var element = Definitions.Element(chunk, at, end, out at);
                    piece = new XmlPiece(element, Values.Count, 0);
                    return element >= 0 || Fail(Definitions.Fault);
                case EndOfFile:
                    // Some values hold one fragment behind another. A few bytes more are what fills a record up: whatever lay there.
                    at++;
                    if (end - at >= SmallestFragment && chunk[at] == FragmentHeader) break;
                    at = end;
                    return false;
                default:
                    return Fail("there is a token that binary XML does not have here", at);
            }
        }

        return false;
    }

    private bool Instance(ReadOnlySpan<byte> chunk, ref int at, int end, out XmlPiece piece) // hot
    {
        piece = default;
        var start = at;
        if (end - at < InstanceHeaderSize) return Fail("a template is cut off", start);
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(chunk[(at + 6)..]);
        at += InstanceHeaderSize;
        if (offset == at)
        {
            // The definition stands where it is used first.
            if (end - at < DefinitionSet.HeaderSize) return Fail("a template is cut off", start);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[(at + DefinitionSet.HeaderSize - 4)..]);
            if (length > end - at - DefinitionSet.HeaderSize) return Fail("a template is longer than its record", start);
            at += DefinitionSet.HeaderSize + (int)length;
        }

        if (end - at < 4) return Fail("the values of a template are cut off", start);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(chunk[at..]);
        at += 4;
        if (count > (end - at) / 4) return Fail("there are more values than their record can hold", start);
        var definition = Definitions.Template(chunk, offset);
        if (definition < 0) return Fail(Definitions.Fault);
        piece = new XmlPiece(definition, Values.Count, (int)count);
        return ReadValues(chunk, ref at, end, (int)count, start);
    }

    private bool ReadValues(ReadOnlySpan<byte> chunk, ref int at, int end, int count, int start) // hot
    {
        if (!Values.TryReserve(count, out var room)) return Fail("there are more values than a record can have", start);
        var value = at + (4 * count);
        for (var i = 0; i < count; i++)
        {
            var descriptor = BinaryPrimitives.ReadUInt32LittleEndian(chunk[at..]);
            var length = (int)(descriptor & 0xFFFF);
            if (length > end - value) return Fail("a value is longer than its record", at);
            room[i] = new Substitution((EvtxType)(byte)(descriptor >> 16), value, length);
            value += length;
            at += 4;
        }

        Values.Take(count);
        at = value;
        return true;
    }

    private bool Fail(XmlFault fault)
    {
        Fault = fault;
        return false;
    }

    private bool Fail(string message, int position) => Fail(new XmlFault(message, position));
}
