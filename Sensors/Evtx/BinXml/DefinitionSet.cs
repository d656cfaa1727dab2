using System.Buffers.Binary;

namespace Picket.Sensors.Evtx.BinXml;

/// <summary>
/// The templates of one chunk, and the elements that stand in its records themselves: each is compiled once, when it is met.
/// </summary>
internal sealed class DefinitionSet
{
    /// <summary>The bytes of a template's definition before its XML.</summary>
    public const int HeaderSize = 24;

    private const int Most = 4 * 1024;
    private const int Slots = 2 * Most;

    private readonly XmlCompiler _compiler;
    private readonly int[] _slots = new int[Slots];
    private readonly BoundedList<Definition> _definitions = new(64, Most);

    /// <summary>An empty set.</summary>
    public DefinitionSet() => _compiler = new XmlCompiler(Store);

    /// <summary>The compiled steps.</summary>
    public XmlStore Store { get; } = new();

    /// <summary>Why the last look-up failed.</summary>
    public XmlFault Fault { get; private set; }

    /// <summary>How many there are: the next one's number.</summary>
    public int Count => _definitions.Count;

    /// <summary>The steps of a definition.</summary>
    public Range OpsOf(int definition) => _definitions[definition].Ops;

    /// <summary>Whether a definition has no XML.</summary>
    public bool IsEmpty(int definition) => _definitions[definition].Ops is var ops && ops.Start.Value == ops.End.Value; // hot

    /// <summary>Forgets all, for another chunk.</summary>
    public void Clear()
    {
        Store.Clear();
        _definitions.CutTo(0);
        _slots.AsSpan().Clear();
    }

    /// <summary>The definition of a template; -1 where it is not sound.</summary>
    public int Template(ReadOnlySpan<byte> chunk, uint offset) // hot
    {
        ref var slot = ref Find(offset << 1);
        return slot > 0 ? slot - 1 : Compile(chunk, offset, ref slot);
    }

    /// <summary>The element at a place in a record; -1 where it is not sound.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">Where it must end at the latest.</param>
    /// <param name="next">The byte behind it.</param>
    public int Element(ReadOnlySpan<byte> chunk, int start, int end, out int next)
    {
        next = end;
        var key = ((uint)start << 1) | 1;
        ref var slot = ref Find(key);
        if (slot == 0)
        {
            if (!_compiler.TryElement(chunk, start, end, out var ops, out next)) return Fail(_compiler.Fault);
            if (!_definitions.TryAdd(new Definition(key, ops, next))) return Fail("the chunk has more elements than one can hold", start);
            slot = _definitions.Count;
        }

        next = _definitions[slot - 1].Next;
        return next <= end ? slot - 1 : Fail("an element does not end", start);
    }

    private int Compile(ReadOnlySpan<byte> chunk, uint offset, ref int slot)
    {
        if (offset > chunk.Length - HeaderSize) return Fail("a template lies outside of the chunk", 0);
        var start = (int)offset + HeaderSize;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[(start - 4)..]);
        if (length > chunk.Length - start) return Fail("a template is longer than the chunk", (int)offset);
        if (!_compiler.TryDefinition(chunk, start, start + (int)length, out var ops)) return Fail(_compiler.Fault);
        if (!_definitions.TryAdd(new Definition(offset << 1, ops, 0))) return Fail("the chunk has more templates than one can hold", start);
        slot = _definitions.Count;
        return slot - 1;
    }

    /// <summary>The slot of a key, or the one where it belongs. There are twice as many slots as definitions: one is always free.</summary>
    private ref int Find(uint key) // hot
    {
        var at = (key * 2654435769u) >> (32 - 13);
        while (_slots[at] != 0 && _definitions[_slots[at] - 1].Key != key) at = (at + 1) % Slots;
        return ref _slots[at];
    }

    private int Fail(XmlFault fault)
    {
        Fault = fault;
        return -1;
    }

    private int Fail(string message, int position) => Fail(new XmlFault(message, position));

    /// <summary>What was compiled of one place.</summary>
    /// <param name="Key">Where it is, and whether it is an element.</param>
    /// <param name="Ops">Its steps.</param>
    /// <param name="Next">Of an element the byte behind it.</param>
    private readonly record struct Definition(uint Key, Range Ops, int Next);
}
