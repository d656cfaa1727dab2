using System.Diagnostics.CodeAnalysis;

namespace Picket.Actors.TestKit;

/// <summary>
/// A test actor of its own with expectations about it, for a test with several parties. May be given wherever a ref is wanted.
/// </summary>
[SuppressMessage("Design", "CA1036", Justification = "a ref is compared by its order, not by operators")]
public sealed class TestProbe : TestKitBase, INoImplicitSender, IStandInActorRef
{
    private static int s_made;

    internal TestProbe(ActorSystem system, TestKitSettings settings, string? name)
        : base(system, settings, $"{name ?? "testProbe"}-{Interlocked.Increment(ref s_made)}")
    {
    }

    /// <summary>The probe's actor.</summary>
    public IActorRef Ref => TestActor;

    /// <summary>Who told the last message that was received.</summary>
    public IActorRef Sender => LastSender;

    ActorPath IActorRef.Path => TestActor.Path;

    /// <summary>Tells <paramref name="actor"/> with the probe as the sender.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Tells <paramref name="actor"/> with the last sender as the sender.</summary>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, Sender);

    /// <summary>Passes the last message on with its sender.</summary>
    public void Forward(IActorRef actor) =>
        actor.Tell(LastMessage ?? throw new InvalidOperationException("the probe has received nothing that it could forward"), Sender);

    /// <summary>Answers the last sender.</summary>
    public void Reply(object message) => Sender.Tell(message, TestActor);

    void ICanTell.Tell(object message, IActorRef? sender) => TestActor.Tell(message, sender);

    bool IEquatable<IActorRef>.Equals(IActorRef? other) => TestActor.Equals(other);

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => TestActor.CompareTo(other);

    int IComparable.CompareTo(object? obj) => TestActor.CompareTo(obj);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IActorRef other && TestActor.Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => TestActor.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => $"TestProbe({TestActor})";
}
