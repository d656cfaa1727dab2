namespace Picket.Detection.Context.Spill;

/// <summary>To /spill: the context stage has put records into a lane.</summary>
/// <param name="Shard">The lane's number.</param>
internal sealed record SpillTaken(int Shard);
