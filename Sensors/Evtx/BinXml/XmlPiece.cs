namespace Picket.Sensors.Evtx.BinXml;

/// <summary>A compiled piece of XML with the values that a record gives it.</summary>
/// <param name="Definition">Its number among what was compiled of the chunk.</param>
/// <param name="FirstValue">The first of its values in <see cref="FragmentReader.Values"/>.</param>
/// <param name="ValueCount">How many there are.</param>
internal readonly record struct XmlPiece(int Definition, int FirstValue, int ValueCount);
