namespace Picket.Sensors;

/// <summary>To a sensor's actor, or to the supervisor of sensors: answer with a <see cref="PartStates"/>.</summary>
public sealed record TellState;
