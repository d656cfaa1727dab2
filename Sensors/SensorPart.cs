using Picket.Actors;

namespace Picket.Sensors;

/// <summary>One sensor: its actor's name and how to make it.</summary>
/// <param name="Name">The actor's name, such as <c>ebpf</c>.</param>
/// <param name="Props">Makes the actor.</param>
public sealed record SensorPart(string Name, Props Props);
