namespace Picket.Sensors.Ebpf.Records;

/// <summary>Whose last name may be a symbolic link that the call followed (enum file_follows in bpf/file.h).</summary>
[Flags]
internal enum FileFollows : uint
{
    None = 0,
    Target = 1 << 0,
    Source = 1 << 1,
}
