namespace Picket.Sensors.Ebpf.Btf;

/// <summary>One section of an <see cref="ElfFile"/>.</summary>
internal readonly record struct ElfSection(string Name, uint Type, ulong Flags, int Offset, int Size, uint NameOffset)
{
    private const uint ProgramBits = 1;
    private const ulong Executable = 4;

    /// <summary>Whether the section holds instructions.</summary>
    public bool IsCode => Type == ProgramBits && (Flags & Executable) != 0 && Size > 0;
}
