using Picket.Sensors.Ebpf.Records;

namespace Picket.Node.Options;

/// <summary>How the kernel's sensor works.</summary>
/// <param name="PinPath">Folder on a bpf file system.</param>
/// <param name="RingSize">Bytes of the ring; a power of two.</param>
/// <param name="OnStop">What a stop leaves behind.</param>
/// <param name="DrainInterval">The longest pause between two looks at the ring while events flow.</param>
/// <param name="Nice">The reader thread's nice value.</param>
/// <param name="Batches">Batches in the pool.</param>
/// <param name="BatchRecords">Records a batch.</param>
/// <param name="BatchBytes">Initial arena of a batch in bytes.</param>
/// <param name="Concerns">What is watched beside the life of processes.</param>
/// <param name="Loopback">Whether connections between ends of this host are reported.</param>
/// <param name="LocalNames">Whether multicast DNS and LLMNR are DNS too.</param>
internal sealed record EbpfSettings(
    string PinPath,
    int RingSize,
    StopPolicy OnStop,
    TimeSpan DrainInterval,
    int Nice,
    int Batches,
    int BatchRecords,
    int BatchBytes,
    IReadOnlyList<Concern> Concerns,
    bool Loopback,
    bool LocalNames);
