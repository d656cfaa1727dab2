namespace Picket.Actors.Persistence;

/// <summary>What becomes of a command that arrives during recovery or a Persist when the bounded internal stash is full.</summary>
public interface IStashOverflowStrategy;
