namespace Picket.Actors;

/// <summary>An actor with a stash of 100 messages, or of what its props say.</summary>
public interface IWithBoundedStash : IWithStash;
