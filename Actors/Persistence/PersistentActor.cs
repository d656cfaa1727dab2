namespace Picket.Actors.Persistence;

/// <summary>A persistent actor that says of each message whether it handled it.</summary>
public abstract class PersistentActor : Eventsourced;
