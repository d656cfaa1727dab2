namespace Picket.Sensors.Ebpf.Records;

/// <summary>What is to be said of a captured packet (enum dns_flags in bpf/dns.h).</summary>
[Flags]
internal enum DnsFlags : uint
{
    None = 0,
    PayloadCut = 1 << 0,
    StreamBegins = 1 << 1,
}
