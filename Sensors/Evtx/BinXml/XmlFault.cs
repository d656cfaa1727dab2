namespace Picket.Sensors.Evtx.BinXml;

/// <summary>Why binary XML could not be read.</summary>
/// <param name="Message">What was wrong; null for nothing.</param>
/// <param name="Position">The byte of the chunk at which it was found.</param>
internal readonly record struct XmlFault(string? Message, int Position);
