namespace Picket.Actors.Persistence.Serialization;

/// <summary>An object as a store keeps it.</summary>
/// <param name="Manifest">The stable name of its type.</param>
/// <param name="Bytes">The object.</param>
public readonly record struct SerializedEvent(string Manifest, byte[] Bytes);
