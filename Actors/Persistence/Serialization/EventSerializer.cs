namespace Picket.Actors.Persistence.Serialization;

/// <summary>How objects of one type are written.</summary>
internal sealed record EventSerializer(string Manifest, Func<object, byte[]> Write);
