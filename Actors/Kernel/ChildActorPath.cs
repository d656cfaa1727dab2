namespace Picket.Actors;

/// <summary>Any place below the root.</summary>
public sealed class ChildActorPath : ActorPath
{
    private readonly ActorPath _parent;

    /// <summary>The child <paramref name="name"/> of <paramref name="parent"/>; uid 0 for any incarnation.</summary>
    public ChildActorPath(ActorPath parent, string name, long uid) : base(name, uid) => _parent = parent;

    /// <inheritdoc/>
    public override ActorPath Parent => _parent;

    /// <inheritdoc/>
    public override RootActorPath Root
    {
        get
        {
            var at = _parent;
            while (at is ChildActorPath child) at = child._parent;
            return (RootActorPath)at;
        }
    }

    /// <inheritdoc/>
    public override int Depth
    {
        get
        {
            var depth = 1;
            for (var at = _parent; at is ChildActorPath child; at = child._parent) depth++;
            return depth;
        }
    }

    /// <inheritdoc/>
    public override ActorPath WithUid(long uid) => uid == Uid ? this : new ChildActorPath(_parent, Name, uid);
}
