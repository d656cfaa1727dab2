namespace Picket.Actors;

/// <summary>The root of a system's tree.</summary>
public sealed class RootActorPath : ActorPath
{
    /// <summary>The root at <paramref name="address"/>.</summary>
    public RootActorPath(Address address) : base("/", 0) => RootAddress = address;

    internal Address RootAddress { get; }

    /// <inheritdoc/>
    public override ActorPath Parent => this;

    /// <inheritdoc/>
    public override RootActorPath Root => this;

    /// <inheritdoc/>
    public override int Depth => 0;

    /// <inheritdoc/>
    public override ActorPath WithUid(long uid) =>
        uid == 0 ? this : throw new NotSupportedException("the root has no incarnation");
}
