namespace Picket.Actors;

/// <summary>A ref that stands for another: who watches, stops, asks or subscribes it does so with the other. For tools that are more
/// than a ref, such as the probe of a test.</summary>
public interface IStandInActorRef : IActorRef
{
    /// <summary>The ref of the system's own.</summary>
    IActorRef Ref { get; }
}
