using System.Buffers.Binary;
using Picket.Sensors.Evtx.Chunks;

namespace Picket.Sensors.Evtx.BinXml;

/// <summary>
/// Reads the tokens of a template's definition, or of elements that stand in a record itself, into flat steps, so that a record of a
/// template that is known costs its values only. Every offset is checked, every step goes forward, and nothing is thrown.
/// </summary>
internal sealed class XmlCompiler(XmlStore store)
{
    /// <summary>Elements within elements, at most.</summary>
    public const int MaxDepth = 64;

    private const byte EndOfFile = 0x00, OpenElement = 0x01, CloseStart = 0x02, CloseEmpty = 0x03, CloseElement = 0x04, TextValue = 0x05,
        Attribute = 0x06, CharacterData = 0x07, CharacterReference = 0x08, EntityReference = 0x09, InstructionTarget = 0x0A,
        InstructionData = 0x0B, Substitution = 0x0D, OptionalSubstitution = 0x0E, FragmentHeader = 0x0F;

    /// <summary>A bit of a token that says that more of its kind follow.</summary>
    private const byte More = 0x40;

    private const int NameHeader = 8;

    private readonly int[] _open = new int[MaxDepth];
    private int _position;
    private int _end;

    /// <summary>Why the last compilation failed.</summary>
    public XmlFault Fault { get; private set; }

    /// <summary>Compiles all tokens up to the end of file, or up to <paramref name="end"/>; false where they are not sound.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="start">The first token.</param>
    /// <param name="end">The end of the definition.</param>
    /// <param name="ops">The steps in the store.</param>
    public bool TryDefinition(ReadOnlySpan<byte> chunk, int start, int end, out Range ops) =>
        TryCompile(chunk, start, end, false, out ops, out _);

    /// <summary>Compiles one element; false where it is not sound.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="start">Its first token.</param>
    /// <param name="end">Where it must end at the latest.</param>
    /// <param name="ops">The steps in the store.</param>
    /// <param name="next">The byte behind the element.</param>
    public bool TryElement(ReadOnlySpan<byte> chunk, int start, int end, out Range ops, out int next) =>
        TryCompile(chunk, start, end, true, out ops, out next);

    private bool TryCompile(ReadOnlySpan<byte> chunk, int start, int end, bool isElement, out Range ops, out int next)
    {
        var firstOp = store.Ops.Count;
        var firstText = store.Texts.Count;
        _position = start;
        _end = end;
        Fault = default;
        if (Walk(chunk, isElement))
        {
            ops = firstOp..store.Ops.Count;
            next = _position;
            return true;
        }

        store.Ops.CutTo(firstOp);
        store.Texts.CutTo(firstText);
        if (Fault.Message is null) Fail("the binary XML ends within a token");
        ops = default;
        next = start;
        return false;
    }

    private bool Walk(ReadOnlySpan<byte> chunk, bool isElement)
    {
        var depth = 0;
        var inTag = false;
        while (_position < _end)
        {
            var token = chunk[_position++];
            switch (token & ~More)
            {
                case EndOfFile:
                    return depth == 0 || Fail("the binary XML ends within an element");
                case FragmentHeader:
                    if (!Skip(3)) return false;
                    break;
                case OpenElement:
                    if (inTag || depth == MaxDepth) return Fail(inTag ? "an element begins within a tag" : "elements are nested too deep");
                    if (depth > 0) store.Ops[_open[depth - 1]].HasElements = true;
                    _open[depth++] = store.Ops.Count;
                    inTag = true;
                    if (!Open(chunk, (token & More) != 0, isElement)) return false;
                    break;
                case CloseStart:
                    if (!inTag || !Add(XmlOpKind.Body)) return Fail("a tag ends that did not begin");
                    inTag = false;
                    break;
                case CloseEmpty:
                    if (!inTag || !Add(XmlOpKind.Body) || !Add(XmlOpKind.Close)) return Fail("a tag ends that did not begin");
                    inTag = false;
                    if (--depth == 0 && isElement) return true;
                    break;
                case CloseElement:
                    if (inTag || depth == 0 || !Add(XmlOpKind.Close)) return Fail("an element ends that did not begin");
                    if (--depth == 0 && isElement) return true;
                    break;
                case Attribute:
                    if (!inTag) return Fail("an attribute stands outside of a tag");
                    if (!Named(chunk, XmlOpKind.Attribute)) return false;
                    break;
                case InstructionTarget:
                    if (!SkipName(chunk)) return false;
                    break;
                case InstructionData:
                    if (!CountedText(chunk, out _)) return false;
                    break;
                default:
                    if (depth == 0) return Fail("text stands outside of an element");
                    if (!Content(chunk, (byte)(token & ~More))) return false;
                    break;
            }
        }

        return depth == 0 || Fail("the binary XML ends within an element");
    }

    private bool Content(ReadOnlySpan<byte> chunk, byte token)
    {
        switch (token)
        {
            case TextValue:
                return Literal(chunk);
            case CharacterData:
                return CountedText(chunk, out var data) && AddText(data);
            case CharacterReference:
                if (_end - _position < 2) return false;
                var character = chunk.Slice(_position, 2);
                _position += 2;
                return AddText(character);
            case EntityReference:
                return Entity(chunk);
            case Substitution or OptionalSubstitution:
                if (_end - _position < 3) return false;
                var op = new XmlOp
                {
                    Kind = XmlOpKind.Value,
                    Value = BinaryPrimitives.ReadUInt16LittleEndian(chunk[_position..]),
                    Type = (EvtxType)chunk[_position + 2],
                };
                _position += 3;
                return store.Ops.TryAdd(op) || TooMuch();
            default:
                _position--;
                return Fail("there is a token that binary XML does not have");
        }
    }

    /// <summary>
    /// An element's header. Within a template a number stands before its length, elsewhere none; some writers mix them up.
    /// </summary>
    private bool Open(ReadOnlySpan<byte> chunk, bool hasAttributes, bool isElement)
    {
        var shorter = _position + 4;
        var longer = _position + 6;
        var isShorter = isElement ? IsName(chunk, shorter) || !IsName(chunk, longer) : !IsName(chunk, longer) && IsName(chunk, shorter);
        _position = isShorter ? shorter : longer;
        return Named(chunk, XmlOpKind.Open) && (!hasAttributes || Skip(4));
    }

    /// <summary>Whether the place of a name stands there; none lies in the chunk's header.</summary>
    private bool IsName(ReadOnlySpan<byte> chunk, int position) =>
        position + 4 <= _end && BinaryPrimitives.ReadUInt32LittleEndian(chunk[position..]) is >= EvtxChunk.HeaderSize and var place
        && TryName(chunk, place, out var name) && !name.IsEmpty;

    private bool Named(ReadOnlySpan<byte> chunk, XmlOpKind kind) =>
        ReadName(chunk, out var name) && Write(name, out var start, out var length)
        && (store.Ops.TryAdd(new XmlOp { Kind = kind, Start = start, Length = length }) || TooMuch());

    private bool SkipName(ReadOnlySpan<byte> chunk) => ReadName(chunk, out _);

    /// <summary>Reads the place of a name, and skips the name where it stands right there.</summary>
    private bool ReadName(ReadOnlySpan<byte> chunk, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (_end - _position < 4) return false;
        var place = BinaryPrimitives.ReadUInt32LittleEndian(chunk[_position..]);
        if (!TryName(chunk, place, out name)) return Fail("a name lies outside of the chunk");
        _position += 4;
        return place != _position || Skip(NameHeader + name.Length + 2);
    }

    private static bool TryName(ReadOnlySpan<byte> chunk, uint place, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (place > chunk.Length - NameHeader) return false;
        var length = 2 * BinaryPrimitives.ReadUInt16LittleEndian(chunk[((int)place + 6)..]);
        if (length > chunk.Length - NameHeader - (int)place) return false;
        name = chunk.Slice((int)place + NameHeader, length);
        return true;
    }

    private bool Literal(ReadOnlySpan<byte> chunk)
    {
        if (_position == _end) return false;
        var type = (EvtxType)chunk[_position++];
        if (type == EvtxType.Null) return true;
        return type == EvtxType.Text ? CountedText(chunk, out var text) && AddText(text) : Fail("a value in the XML is no text");
    }

    private bool CountedText(ReadOnlySpan<byte> chunk, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (_end - _position < 2) return false;
        var length = 2 * BinaryPrimitives.ReadUInt16LittleEndian(chunk[_position..]);
        if (length > _end - _position - 2) return false;
        text = chunk.Slice(_position + 2, length);
        _position += 2 + length;
        return true;
    }

    private bool Entity(ReadOnlySpan<byte> chunk)
    {
        if (!ReadName(chunk, out var name) || !Write(name, out var start, out var length)) return false;
        var character = store.Texts.Items.Slice(start, length) switch
        {
            var entity when entity.SequenceEqual("lt"u8) => '<',
            var entity when entity.SequenceEqual("gt"u8) => '>',
            var entity when entity.SequenceEqual("amp"u8) => '&',
            var entity when entity.SequenceEqual("quot"u8) => '"',
            var entity when entity.SequenceEqual("apos"u8) => '\'',
            _ => '\0',
        };
        if (character == '\0') return Fail("there is an entity that XML does not have");
        store.Texts[start] = (byte)character;
        store.Texts.CutTo(start + 1);
        return store.Ops.TryAdd(new XmlOp { Kind = XmlOpKind.Text, Start = start, Length = 1 }) || TooMuch();
    }

    private bool AddText(ReadOnlySpan<byte> utf16) =>
        Write(utf16, out var start, out var length)
        && (length == 0 || store.Ops.TryAdd(new XmlOp { Kind = XmlOpKind.Text, Start = start, Length = length }) || TooMuch());

    private bool Write(ReadOnlySpan<byte> utf16, out int start, out int length)
    {
        start = store.Texts.Count;
        length = 0;
        if (!store.Texts.TryReserve((utf16.Length * 3 / 2) + 4, out var room)) return TooMuch();
        length = ValueText.WriteUtf16(utf16, room);
        store.Texts.Take(length);
        return true;
    }

    private bool Add(XmlOpKind kind) => store.Ops.TryAdd(new XmlOp { Kind = kind }) || TooMuch();

    private bool Skip(int bytes)
    {
        if (bytes > _end - _position) return false;
        _position += bytes;
        return true;
    }

    private bool TooMuch() => Fail("the chunk has more templates than one can hold");

    private bool Fail(string message)
    {
        if (Fault.Message is null) Fault = new XmlFault(message, _position);
        return false;
    }
}
