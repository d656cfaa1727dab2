namespace Picket.Actors;

/// <summary>An actor with a stash. The kernel sets it after the constructor.</summary>
public interface IActorStash
{
    /// <summary>The stash of this incarnation; at its end what is in it goes back to the mailbox.</summary>
    IStash Stash { get; set; }
}
