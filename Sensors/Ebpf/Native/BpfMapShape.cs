namespace Picket.Sensors.Ebpf.Native;

/// <summary>What makes two maps interchangeable.</summary>
internal readonly record struct BpfMapShape(BpfMapType Type, uint KeySize, uint ValueSize, uint MaxEntries, uint Flags);
