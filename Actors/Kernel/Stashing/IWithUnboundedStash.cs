namespace Picket.Actors;

/// <summary>An actor with a stash that has no bound, unless its props give one.</summary>
public interface IWithUnboundedStash : IWithStash;
