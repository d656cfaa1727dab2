namespace Picket.Sensors.Ebpf.Btf;

/// <summary>One member of a structure: its name, its type's id and its place in bytes.</summary>
internal readonly record struct BtfMember(string Name, int Type, int Offset, int Size);
