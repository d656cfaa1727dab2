using System.Buffers.Binary;
using System.Text;

namespace Picket.Sensors.Ebpf.Btf;

/// <summary>
/// Type information of a compiled object or of the running kernel (/sys/kernel/btf/vmlinux): enough of it to say whether
/// a type exists, how a structure is laid out and what an enumeration's values are.
/// </summary>
internal sealed class BtfData
{
    private const int TypeSize = 12;
    private const int PointerSize = 8;

    private readonly byte[] _bytes;
    private readonly int _strings;
    private readonly List<int> _types = [0];

    /// <summary>Indexes <paramref name="bytes"/>, the contents of a .BTF section.</summary>
    /// <exception cref="InvalidDataException">The bytes are not BTF, or of a kind that this reader does not know.</exception>
    public BtfData(byte[] bytes)
    {
        _bytes = bytes;
        if (bytes.Length < 24 || BinaryPrimitives.ReadUInt16LittleEndian(bytes) != 0xEB9F) throw new InvalidDataException("not BTF");
        var header = (int)Word(4);
        var at = header + (int)Word(8);
        var end = at + (int)Word(12);
        _strings = header + (int)Word(16);
        if (end > bytes.Length || _strings + Word(20) > (uint)bytes.Length) throw new InvalidDataException("BTF is cut short");
        while (at < end)
        {
            _types.Add(at);
            var length = (int)(Word(at + 4) & 0xffff);
            at += TypeSize + KindAt(at) switch
            {
                BtfKind.Int or BtfKind.Variable or BtfKind.DeclarationTag => 4,
                BtfKind.Array => 12,
                BtfKind.Struct or BtfKind.Union or BtfKind.DataSection or BtfKind.Enum64 => length * 12,
                BtfKind.Enum or BtfKind.FunctionPrototype => length * 8,
                BtfKind.Pointer or BtfKind.Forward or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict
                    or BtfKind.Function or BtfKind.Float or BtfKind.TypeTag => 0,
                var unknown => throw new InvalidDataException($"BTF kind {(int)unknown} is not known"),
            };
        }
    }

    /// <summary>The type information in an object file.</summary>
    public static BtfData OfObject(ElfFile file) => new(file.Bytes(".BTF").ToArray());

    /// <summary>Whether a type of this kind and name exists.</summary>
    public bool Contains(BtfKind kind, string name) => Find(kind, name) > 0;

    /// <summary>A structure's layout; null when there is none of that name.</summary>
    public BtfStruct? FindStruct(string name)
    {
        var id = Find(BtfKind.Struct, name);
        if (id == 0) return null;
        var at = _types[id];
        var members = new BtfMember[Word(at + 4) & 0xffff];
        for (var i = 0; i < members.Length; i++)
        {
            var member = at + TypeSize + (i * 12);
            var type = (int)Word(member + 4);
            members[i] = new BtfMember(Text(Word(member)), type, (int)(Word(member + 8) & 0xffffff) / 8, SizeOf(type));
        }

        return new BtfStruct(name, (int)Word(at + 8), members);
    }

    /// <summary>The names and values of an enumeration; null when there is none of that name.</summary>
    public IReadOnlyDictionary<string, int>? FindEnum(string name)
    {
        var id = Find(BtfKind.Enum, name);
        if (id == 0) return null;
        var at = _types[id];
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < (Word(at + 4) & 0xffff); i++)
        {
            var value = at + TypeSize + (i * 8);
            values[Text(Word(value))] = (int)Word(value + 4);
        }

        return values;
    }

    /// <summary>A type's size in bytes.</summary>
    public int SizeOf(int type)
    {
        var at = _types[type];
        switch (KindAt(at))
        {
            case BtfKind.Pointer:
                return PointerSize;
            case BtfKind.Array:
                return SizeOf((int)Word(at + TypeSize)) * (int)Word(at + TypeSize + 8);
            case BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag:
                return SizeOf((int)Word(at + 8));
            default:
                return (int)Word(at + 8);
        }
    }

    private int Find(BtfKind kind, string name)
    {
        var wanted = Encoding.ASCII.GetBytes(name + "\0");
        for (var id = 1; id < _types.Count; id++)
        {
            var at = _types[id];
            if (KindAt(at) == kind && _bytes.AsSpan(_strings + (int)Word(at)).StartsWith(wanted)) return id;
        }

        return 0;
    }

    private BtfKind KindAt(int at) => (BtfKind)((Word(at + 4) >> 24) & 0x1f);

    private uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at));

    private string Text(uint offset)
    {
        var rest = _bytes.AsSpan(_strings + (int)offset);
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
