using System.Buffers.Binary;
using System.Text;

namespace Picket.Sensors.Ebpf.Btf;

/// <summary>The sections of a 64-bit little-endian ELF file, as compiled BPF objects are.</summary>
internal sealed class ElfFile
{
    private const int HeaderSize = 64;
    private const int SectionSize = 64;
    private const uint NoBits = 8;

    private readonly byte[] _image;

    /// <summary>Reads the section table.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such file, or its table points outside of it.</exception>
    public ElfFile(byte[] image)
    {
        _image = image;
        if (image.Length < HeaderSize || !image.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("not a 64-bit little-endian ELF file");
        var table = (long)BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(40));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(60));
        var names = BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(62));
        if (table < HeaderSize || table + ((long)count * SectionSize) > image.Length || names >= count)
            throw new InvalidDataException("the section table lies outside of the file");
        var sections = new ElfSection[count];
        for (var i = 0; i < count; i++)
        {
            var row = image.AsSpan((int)table + (i * SectionSize), SectionSize);
            var type = BinaryPrimitives.ReadUInt32LittleEndian(row[4..]);
            var offset = BinaryPrimitives.ReadUInt64LittleEndian(row[24..]);
            var size = type == NoBits ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(row[32..]);
            if (offset + size > (ulong)image.Length && size > 0) throw new InvalidDataException($"section {i} lies outside of the file");
            sections[i] = new ElfSection("", type, BinaryPrimitives.ReadUInt64LittleEndian(row[8..]), (int)offset, (int)size,
                BinaryPrimitives.ReadUInt32LittleEndian(row));
        }

        var strings = image.AsSpan(sections[names].Offset, sections[names].Size);
        for (var i = 0; i < count; i++)
        {
            if (sections[i].NameOffset >= strings.Length) throw new InvalidDataException($"section {i} has no name");
            var rest = strings[(int)sections[i].NameOffset..];
            sections[i] = sections[i] with { Name = Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]) };
        }

        Sections = sections;
    }

    /// <summary>The sections in the file's order.</summary>
    public IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>A section's bytes.</summary>
    public ReadOnlySpan<byte> Bytes(ElfSection section) => _image.AsSpan(section.Offset, section.Size);

    /// <summary>The bytes of the section called <paramref name="name"/>; empty when there is none.</summary>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        foreach (var section in Sections)
        {
            if (section.Name == name) return Bytes(section);
        }

        return default;
    }
}
