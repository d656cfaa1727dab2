namespace Picket.Sensors.Evtx;

/// <summary>The fields of the records of one template in one place.</summary>
/// <param name="PrefixStart">Where the path of that place is, among the store's texts.</param>
/// <param name="PrefixLength">How long it is.</param>
/// <param name="Slots">The fields.</param>
/// <param name="Next">The plan of the same template in another place; -1 for none.</param>
internal readonly record struct FieldPlan(int PrefixStart, int PrefixLength, Range Slots, int Next);
