namespace Picket.Sensors;

/// <summary>How one sensor, or one part of it, is.</summary>
/// <param name="Name">Its name, such as <c>ebpf/network</c>.</param>
/// <param name="State">What it does.</param>
/// <param name="Since">Since when it is not at work; null where it is.</param>
/// <param name="Reason">Why it is not at work; empty where it is.</param>
/// <param name="Missing">What of it this host has no place for, each with the reason, although the rest is at work.</param>
public sealed record PartState(
    string Name, PartActivity State, DateTimeOffset? Since, string Reason, IReadOnlyList<KeyValuePair<string, string>> Missing);
