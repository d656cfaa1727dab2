namespace Picket.Sensors.Ebpf;

/// <summary>Something that this host lacks for the kernel programs.</summary>
/// <param name="What">What is missing.</param>
/// <param name="Remedy">What its administrator can do.</param>
public sealed record MissingRequirement(string What, string Remedy);
