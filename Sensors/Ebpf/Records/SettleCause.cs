namespace Picket.Sensors.Ebpf.Records;

/// <summary>What ended an open file's changes (enum settle_cause in bpf/file.h).</summary>
internal enum SettleCause : ushort
{
    Not = 0,
    Close = 1,
    Dup = 2,
    Range = 3,
    Exec = 4,
    Exit = 5,
}
