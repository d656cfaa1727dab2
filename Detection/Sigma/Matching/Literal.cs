namespace Picket.Detection.Sigma.Matching;

/// <summary>Bytes that must occur in a value's folded form.</summary>
/// <param name="Bytes">Folded; not empty unless both ends are anchored.</param>
/// <param name="AtStart">The value starts with them.</param>
/// <param name="AtEnd">The value ends with them.</param>
internal sealed record Literal(byte[] Bytes, bool AtStart, bool AtEnd);
