namespace Picket.Sensors.Evtx.BinXml;

/// <summary>One of the values that come with a template.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Start">Where in the chunk it is.</param>
/// <param name="Length">How long it is.</param>
internal readonly record struct Substitution(EvtxType Type, int Start, int Length);
