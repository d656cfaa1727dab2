using System.Numerics;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>How the kernel programs are loaded and where they are kept. Validated once, when made.</summary>
public sealed record EbpfOptions
{
    private const int SmallestRing = 64 * 1024;
    private const int LargestRing = 1 << 30;

    /// <summary>Makes options with the given folder of compiled objects.</summary>
    /// <param name="objectFolder">Where <c>process.bpf.o</c> and the others lie.</param>
    /// <param name="pinFolder">A folder of Picket's own in bpffs, by custom <c>/sys/fs/bpf/picket</c>; null keeps nothing
    /// beyond the process, so that what happens between two runs is not seen.</param>
    /// <param name="ringBytes">Size of the ring: a power of two from 64 KiB to 1 GiB.</param>
    /// <param name="libBpfPath">A libbpf to load instead of the system's; null for the system's.</param>
    /// <param name="concerns">What is watched beside the life of processes; null for all that this build has.</param>
    /// <exception cref="ArgumentException">A value is outside of its range.</exception>
    public EbpfOptions(string objectFolder, string? pinFolder = DefaultPinFolder, int ringBytes = DefaultRingBytes,
        string? libBpfPath = null, IReadOnlyCollection<Concern>? concerns = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(objectFolder);
        if (pinFolder is not null && !Path.IsPathFullyQualified(pinFolder))
            throw new ArgumentException($"the pin folder {pinFolder} is not an absolute path", nameof(pinFolder));
        if (pinFolder?.Split('/').Any(part => part.Contains('.')) == true)
            throw new ArgumentException($"bpffs takes no dots in names: {pinFolder}", nameof(pinFolder));
        if (ringBytes is < SmallestRing or > LargestRing || !BitOperations.IsPow2(ringBytes))
            throw new ArgumentException($"the ring's size {ringBytes} is not a power of two from {SmallestRing} to {LargestRing}",
                nameof(ringBytes));
        ObjectFolder = objectFolder;
        PinFolder = pinFolder?.TrimEnd('/');
        RingBytes = ringBytes;
        LibBpfPath = libBpfPath;
        Concerns = concerns is null ? Optional : [.. Optional.Where(concerns.Contains)];
    }

    /// <summary>What can be watched beside the life of processes, in the order in which it is started.</summary>
    public static IReadOnlyList<Concern> Optional { get; } =
        [Concern.File, Concern.Uring, Concern.Network, Concern.Dns, Concern.Privilege];

    /// <summary>Where pins are kept unless configured otherwise.</summary>
    public const string DefaultPinFolder = "/sys/fs/bpf/picket";

    /// <summary>16 MiB: some 60,000 processes started, or half a second of the fastest generator.</summary>
    public const int DefaultRingBytes = 16 * 1024 * 1024;

    /// <summary>Where the compiled objects lie.</summary>
    public string ObjectFolder { get; }

    /// <summary>The folder in bpffs; null for no pins.</summary>
    public string? PinFolder { get; }

    /// <summary>Size of the ring in bytes.</summary>
    public int RingBytes { get; }

    /// <summary>What is watched beside the life of processes.</summary>
    public IReadOnlyList<Concern> Concerns { get; }

    /// <summary>Whether connections between ends of this host are reported.</summary>
    public bool Loopback { get; init; } = true;

    /// <summary>Whether multicast DNS (port 5353) and LLMNR (5355) are reported as DNS.</summary>
    public bool LocalNames { get; init; }

    /// <summary>A libbpf to load instead of the system's.</summary>
    public string? LibBpfPath { get; }
}
