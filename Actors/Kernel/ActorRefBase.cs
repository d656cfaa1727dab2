namespace Picket.Actors;

/// <summary>Equality and order of refs, by path and incarnation.</summary>
public abstract class ActorRefBase : IActorRef
{
    /// <inheritdoc/>
    public abstract ActorPath Path { get; }

    /// <inheritdoc/>
    public abstract void Tell(object message, IActorRef? sender);

    /// <inheritdoc/>
    public bool Equals(IActorRef? other) =>
        ReferenceEquals(this, other) || (other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Path.Uid != 0 ? Path.Uid.GetHashCode() : Path.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(IActorRef? other)
    {
        if (other is null) return 1;
        var byPath = Path.CompareTo(other.Path);
        return byPath != 0 ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) =>
        obj is null or IActorRef ? CompareTo(obj as IActorRef) : throw new ArgumentException("not an actor ref", nameof(obj));

    /// <inheritdoc/>
    public override string ToString() => Path.Uid == 0 ? $"[{Path}]" : $"[{Path}#{Path.Uid}]";

    /// <summary>Equality by path and incarnation.</summary>
    public static bool operator ==(ActorRefBase? left, ActorRefBase? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Inequality by path and incarnation.</summary>
    public static bool operator !=(ActorRefBase? left, ActorRefBase? right) => !(left == right);

    /// <summary>Order by path, then incarnation.</summary>
    public static bool operator <(ActorRefBase? left, ActorRefBase? right) => left is null ? right is not null : left.CompareTo(right) < 0;

    /// <summary>Order by path, then incarnation.</summary>
    public static bool operator >(ActorRefBase? left, ActorRefBase? right) => left is not null && left.CompareTo(right) > 0;

    /// <summary>Order by path, then incarnation.</summary>
    public static bool operator <=(ActorRefBase? left, ActorRefBase? right) => !(left > right);

    /// <summary>Order by path, then incarnation.</summary>
    public static bool operator >=(ActorRefBase? left, ActorRefBase? right) => !(left < right);
}
