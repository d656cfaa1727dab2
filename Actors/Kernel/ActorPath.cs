using System.Text;

namespace Picket.Actors;

/// <summary>
/// The place of an actor in the tree. Two paths are equal when address and names are; the uid tells incarnations of one
/// place apart and takes no part in equality.
/// </summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    private const string Symbols = "-_.*$+:@&=,!~';()";

    private protected ActorPath(string name, long uid) => (Name, Uid) = (name, uid);

    /// <summary>The last name, "/" for the root.</summary>
    public string Name { get; }

    /// <summary>The number of the incarnation, 0 for any.</summary>
    public long Uid { get; }

    /// <summary>The path above; the root is its own parent.</summary>
    public abstract ActorPath Parent { get; }

    /// <summary>The root of this path.</summary>
    public abstract RootActorPath Root { get; }

    /// <summary>The actor system.</summary>
    public Address Address => Root.RootAddress;

    /// <summary>Number of names, 0 for the root.</summary>
    public abstract int Depth { get; }

    /// <summary>The names from the root down.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var names = new string[Depth];
            var at = this;
            for (var i = names.Length - 1; i >= 0; i--, at = at.Parent) names[i] = at.Name;
            return names;
        }
    }

    /// <summary>The child <paramref name="name"/> of <paramref name="path"/>; <c>name#uid</c> is one incarnation of it.</summary>
    public static ActorPath operator /(ActorPath path, string name)
    {
        var hash = name.IndexOf('#', StringComparison.Ordinal);
        return hash < 0 || !long.TryParse(name.AsSpan(hash + 1), out var uid)
            ? new ChildActorPath(path, name, 0)
            : new ChildActorPath(path, name[..hash], uid);
    }

    /// <summary>The child of that name.</summary>
    public ActorPath Child(string childName) => this / childName;

    /// <summary>The descendant of <paramref name="path"/> along <paramref name="names"/>.</summary>
    public static ActorPath operator /(ActorPath path, IEnumerable<string> names) =>
        names.Where(static name => name.Length > 0).Aggregate(path, static (at, name) => at / name);

    /// <summary>The same place with another incarnation.</summary>
    public abstract ActorPath WithUid(long uid);

    /// <summary>Reads a full path such as <c>akka://name/user/a</c>, with an optional <c>#uid</c>.</summary>
    /// <exception cref="UriFormatException">The text is no path.</exception>
    public static ActorPath Parse(string path) =>
        TryParse(path, out var parsed) ? parsed : throw new UriFormatException($"not an actor path: {path}");

    /// <summary>Reads a full path; false when the text is none.</summary>
    public static bool TryParse(string? path, out ActorPath actorPath)
    {
        actorPath = null!;
        if (path is null || !Address.TryParse(path, out var address, out var rest)) return false;
        long uid = 0;
        var hash = rest.IndexOf('#');
        if (hash >= 0)
        {
            if (!long.TryParse(rest[(hash + 1)..], out uid)) return false;
            rest = rest[..hash];
        }

        ActorPath at = new RootActorPath(address);
        foreach (var range in rest.Split('/'))
        {
            var name = rest[range];
            if (name.IsEmpty) continue;
            if (!IsValidPathElement(name, allowDollar: true)) return false;
            at /= name.ToString();
        }

        actorPath = uid == 0 ? at : at.WithUid(uid);
        return true;
    }

    /// <summary>True when an actor may be given this name: not empty, no leading '$', URI path characters only.</summary>
    public static bool IsValidPathElement(string name) => IsValidPathElement(name, allowDollar: false);

    private static bool IsValidPathElement(ReadOnlySpan<char> name, bool allowDollar)
    {
        if (name.IsEmpty || (!allowDollar && name[0] == '$')) return false;
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (char.IsAsciiLetterOrDigit(c) || Symbols.Contains(c)) continue;
            if (c != '%' || i + 2 >= name.Length || !char.IsAsciiHexDigit(name[i + 1]) || !char.IsAsciiHexDigit(name[i + 2])) return false;
            i += 2;
        }

        return true;
    }

    /// <summary>The path without its address, such as <c>/user/a</c>.</summary>
    public string ToStringWithoutAddress()
    {
        if (Depth == 0) return "/";
        var text = new StringBuilder();
        foreach (var name in Elements) text.Append('/').Append(name);
        return text.ToString();
    }

    /// <summary>The path with its address.</summary>
    public string ToStringWithAddress() => ToStringWithAddress(Address);

    /// <summary>The path with the given address where its own names no host.</summary>
    public string ToStringWithAddress(Address address) => $"{(Address.HasGlobalScope ? Address : address)}{ToStringWithoutAddress()}";

    /// <summary>The path with its address and, where it has one, its uid.</summary>
    public string ToSerializationFormat() => ToStringWithUid();

    /// <summary>The path with its address and, where it has one, its uid.</summary>
    public string ToStringWithUid() => Uid == 0 ? ToStringWithAddress() : $"{ToStringWithAddress()}#{Uid}";

    /// <inheritdoc/>
    public override string ToString() => ToStringWithAddress();

    /// <inheritdoc/>
    public bool Equals(ActorPath? other)
    {
        ActorPath at = this;
        while (true)
        {
            if (ReferenceEquals(at, other)) return true;
            if (other is null || at.Depth != other.Depth) return false;
            if (at is RootActorPath) return at.Address == other.Address;
            if (at.Name != other.Name) return false;
            at = at.Parent;
            other = other.Parent;
        }
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        var at = this;
        for (; at is ChildActorPath; at = at.Parent) hash.Add(at.Name.GetHashCode(StringComparison.Ordinal));
        hash.Add(at.Address);
        return hash.ToHashCode();
    }

    /// <summary>By names from the last to the first; a root comes after what is below a root.</summary>
    public int CompareTo(ActorPath? other)
    {
        if (other is null) return 1;
        var at = this;
        for (; at is ChildActorPath && other is ChildActorPath; at = at.Parent, other = other.Parent)
        {
            if (ReferenceEquals(at, other)) return 0;
            if (string.CompareOrdinal(at.Name, other.Name) is var byName and not 0) return byName;
        }

        return at is ChildActorPath ? -1 : other is ChildActorPath ? 1 : string.CompareOrdinal(at.ToString(), other.ToString());
    }

    /// <summary>Equality of place.</summary>
    public static bool operator ==(ActorPath? left, ActorPath? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Inequality of place.</summary>
    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    /// <summary>As <see cref="CompareTo"/> says.</summary>
    public static bool operator <(ActorPath? left, ActorPath? right) => left is null ? right is not null : left.CompareTo(right) < 0;

    /// <summary>As <see cref="CompareTo"/> says.</summary>
    public static bool operator >(ActorPath? left, ActorPath? right) => left is not null && left.CompareTo(right) > 0;

    /// <summary>As <see cref="CompareTo"/> says.</summary>
    public static bool operator <=(ActorPath? left, ActorPath? right) => !(left > right);

    /// <summary>As <see cref="CompareTo"/> says.</summary>
    public static bool operator >=(ActorPath? left, ActorPath? right) => !(left < right);
}
