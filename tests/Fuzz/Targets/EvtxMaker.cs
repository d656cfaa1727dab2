using System.Buffers.Binary;
using System.Text;
using Picket.Sensors.Evtx.BinXml;
using Picket.Sensors.Evtx.Chunks;

namespace Picket.Fuzz.Targets;

/// <summary>Makes event logs by hand: the tokens of binary XML, records, chunks with their sums, files.</summary>
internal sealed class EvtxMaker
{
    /// <summary>Bytes of a file's header.</summary>
    public const int FileHeader = 4096;

    private readonly List<byte> _bytes = [.. new byte[EvtxChunk.HeaderSize]];
    private readonly Dictionary<string, int> _definitions = [];
    private ulong _id;

    /// <summary>Makes an empty chunk.</summary>
    /// <param name="firstId">The number of its first record.</param>
    public EvtxMaker(ulong firstId = 1) => _id = FirstId = firstId;

    /// <summary>The number of its first record.</summary>
    public ulong FirstId { get; }

    /// <summary>Where the next byte goes, from the start of the chunk.</summary>
    public int Position => _bytes.Count;

    /// <summary>All bytes so far.</summary>
    public byte[] Written => [.. _bytes];

    /// <summary>A file of chunks.</summary>
    public static byte[] File(params byte[][] chunks)
    {
        var header = new byte[FileHeader];
        "ElfFile\0"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(36), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(38), 3);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(42), (ushort)chunks.Length);
        var file = new byte[FileHeader + chunks.Sum(chunk => chunk.Length)];
        header.CopyTo(file, 0);
        var at = FileHeader;
        foreach (var chunk in chunks)
        {
            chunk.CopyTo(file, at);
            at += chunk.Length;
        }

        return file;
    }

    /// <summary>UTF-16 as it lies in files.</summary>
    public static byte[] Utf16(string text) => Encoding.Unicode.GetBytes(text);

    /// <summary>The chunk, with header and sums.</summary>
    public byte[] Chunk() => Chunk(Written, FirstId, _id - 1);

    /// <summary>A chunk of records that lie in their place, to which header and sums are put.</summary>
    public static byte[] Chunk(byte[] written, ulong firstId, ulong lastId)
    {
        var chunk = new byte[EvtxChunk.Size];
        written.AsSpan(0, Math.Min(written.Length, chunk.Length)).CopyTo(chunk);
        "ElfChnk\0"u8.CopyTo(chunk);
        BinaryPrimitives.WriteUInt64LittleEndian(chunk.AsSpan(8), firstId);
        BinaryPrimitives.WriteUInt64LittleEndian(chunk.AsSpan(16), lastId);
        BinaryPrimitives.WriteUInt64LittleEndian(chunk.AsSpan(24), firstId);
        BinaryPrimitives.WriteUInt64LittleEndian(chunk.AsSpan(32), lastId);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(40), 128);
        var end = Math.Min(written.Length, chunk.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(48), (uint)end);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(52), Crc32.OfByTables(chunk.AsSpan(EvtxChunk.HeaderSize..end)));
        Sum(chunk);
        return chunk;
    }

    /// <summary>Puts the sum over a chunk's header.</summary>
    public static void Sum(byte[] chunk) =>
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(124), Crc32.OfByTables([.. chunk[..120], .. chunk[128..512]]));

    /// <summary>A record around what is written by <paramref name="xml"/>; returns where it begins.</summary>
    public int Record(Action<EvtxMaker> xml, long written = 131_000_000_000_000_000)
    {
        var start = Position;
        Bytes(0x2A, 0x2A, 0, 0, 0, 0, 0, 0);
        Int64((long)_id++);
        Int64(written);
        xml(this);
        while ((Position + 4) % 8 != 0) Bytes(0);
        var size = BitConverter.GetBytes(Position + 4 - start);
        Bytes(size);
        for (var i = 0; i < 4; i++) _bytes[start + 4 + i] = size[i];
        return start;
    }

    /// <summary>A record of an event with data of these names, types and values.</summary>
    public int Event(params (string Name, EvtxType Type, byte[] Value)[] data) => Event("Picket-Test", "Picket/Test", 7, data);

    /// <summary>A record of an event of a provider, a channel and a number.</summary>
    public int Event(string provider, string channel, ushort number, params (string Name, EvtxType Type, byte[] Value)[] data) => Record(maker =>
    {
        maker.Fragment();
        maker.Instance($"{provider}|{string.Join('|', data.Select(item => $"{item.Name} {item.Type}"))}", made =>
            {
                made.Open("Event", "xmlns").Text("http://schemas.microsoft.com/win/2004/08/events/event").CloseStart();
                made.Open("System").CloseStart();
                made.Open("Provider", "Name").Text(provider).CloseEmpty();
                made.Open("EventID").CloseStart().Value(0, EvtxType.UInt16).End();
                made.Open("TimeCreated", "SystemTime").Value(1, EvtxType.FileTime).CloseEmpty();
                made.Open("Channel").CloseStart().Value(2, EvtxType.Text).End();
                made.Open("Security", "UserID").Value(ushort.MaxValue, EvtxType.Sid).CloseEmpty();
                made.End();
                made.Open("EventData").CloseStart();
                for (var i = 0; i < data.Length; i++)
                    made.Open("Data", "Name").Text(data[i].Name).CloseStart().Value((ushort)(i + 3), data[i].Type).End();
                made.End().End().EndOfFile();
            },
            [
                (EvtxType.UInt16, BitConverter.GetBytes(number)), (EvtxType.FileTime, BitConverter.GetBytes(131_000_000_000_000_000)),
                (EvtxType.Text, Utf16(channel)), .. data.Select(item => (item.Type, item.Value)),
            ]);
        maker.EndOfFile();
    });

    /// <summary>A template, whose definition is written where its key is used first, and its values.</summary>
    public EvtxMaker Instance(string key, Action<EvtxMaker> definition, params (EvtxType Type, byte[] Value)[] values)
    {
        Bytes(0x0C, 1, 9, 9, 9, 9);
        var isNew = !_definitions.TryGetValue(key, out var offset);
        if (isNew) _definitions[key] = offset = Position + 4;
        Int32(offset);
        if (isNew) Definition(definition);
        return Values(values);
    }

    /// <summary>A template whose definition is said to be somewhere.</summary>
    public EvtxMaker InstanceAt(int offset, params (EvtxType Type, byte[] Value)[] values)
    {
        Bytes(0x0C, 1, 9, 9, 9, 9);
        return Int32(offset).Values(values);
    }

    /// <summary>A definition, without the template that uses it.</summary>
    public void Definition(Action<EvtxMaker> definition)
    {
        var start = Position;
        Bytes(new byte[DefinitionSet.HeaderSize]);
        Fragment();
        definition(this);
        var length = BitConverter.GetBytes(Position - start - DefinitionSet.HeaderSize);
        for (var i = 0; i < 4; i++) _bytes[start + 20 + i] = length[i];
    }

    public EvtxMaker Values(params (EvtxType Type, byte[] Value)[] values)
    {
        Int32(values.Length);
        foreach (var (type, value) in values) Bytes((byte)value.Length, (byte)(value.Length >> 8), (byte)type, 0);
        foreach (var (_, value) in values) Bytes(value);
        return this;
    }

    public EvtxMaker Fragment() => Bytes(0x0F, 1, 1, 0);

    public EvtxMaker EndOfFile() => Bytes(0);

    /// <summary>An element begins, with its first attribute where it has one.</summary>
    public EvtxMaker Open(string name, string? attribute = null) => Bytes(0xFF, 0xFF).OpenPlain(name, attribute, 2);

    /// <summary>An element begins as they do outside of templates.</summary>
    public EvtxMaker OpenPlain(string name, string? attribute = null) => OpenPlain(name, attribute, 0);

    public EvtxMaker Attribute(string name) => Bytes(0x06).Name(name);

    public EvtxMaker CloseStart() => Bytes(0x02);

    public EvtxMaker CloseEmpty() => Bytes(0x03);

    public EvtxMaker End() => Bytes(0x04);

    public EvtxMaker Text(string text) => Bytes(0x05, 0x01, (byte)text.Length, (byte)(text.Length >> 8)).Bytes(Utf16(text));

    public EvtxMaker CharacterData(string text) => Bytes(0x07, (byte)text.Length, (byte)(text.Length >> 8)).Bytes(Utf16(text));

    public EvtxMaker Character(char code) => Bytes(0x08, (byte)code, (byte)(code >> 8));

    public EvtxMaker Entity(string name) => Bytes(0x09).Name(name);

    public EvtxMaker Instruction(string target, string data) =>
        Bytes(0x0A).Name(target).Bytes(0x0B, (byte)data.Length, (byte)(data.Length >> 8)).Bytes(Utf16(data));

    public EvtxMaker Value(ushort index, EvtxType type) => Bytes(0x0E, (byte)index, (byte)(index >> 8), (byte)type);

    public EvtxMaker Int32(int number) => Bytes(BitConverter.GetBytes(number));

    public EvtxMaker Int64(long number) => Bytes(BitConverter.GetBytes(number));

    public EvtxMaker Bytes(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    private EvtxMaker OpenPlain(string name, string? attribute, int numberBytes)
    {
        // The token stands before the number that was written already.
        _bytes.Insert(_bytes.Count - numberBytes, (byte)(attribute is null ? 0x01 : 0x41));
        Int32(0).Name(name);
        return attribute is null ? this : Int32(0).Attribute(attribute);
    }

    private EvtxMaker Name(string name) => Int32(Position + 4).Int32(0).Bytes(0, 0, (byte)name.Length, (byte)(name.Length >> 8)).Bytes(Utf16(name + "\0"));
}
