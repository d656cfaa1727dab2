namespace Picket.Sensors.Ebpf.Btf;

/// <summary>A structure as its BTF describes it.</summary>
internal sealed record BtfStruct(string Name, int Size, IReadOnlyList<BtfMember> Members);
