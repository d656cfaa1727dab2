namespace Picket.Actors;

/// <summary>An actor with a stash as its props say.</summary>
public interface IWithStash : IActorStash;
