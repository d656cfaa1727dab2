using Picket.Actors.Refs;

namespace Picket.Actors.Cells;

/// <summary>The children of one actor. Changed in the parent's turn (a guardian's from any thread), looked up from any.</summary>
internal sealed class Children
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    private readonly Dictionary<string, LocalActorRef> _byName = new(1, StringComparer.Ordinal);
    private long _unnamed;
    private int _dying;

    public ChildrenFate Fate { get; private set; }

    /// <summary>True while the parent waits for children to end before it goes on.</summary>
    public bool Awaited => Fate != ChildrenFate.Living;

    public bool HasDying => Volatile.Read(ref _dying) > 0;

    public LocalActorRef Add(ActorCell parent, Props props, string? name)
    {
        lock (_byName)
        {
            if (Fate == ChildrenFate.Termination)
                throw new InvalidOperationException($"{parent.Self.Path} cannot create children while it is stopping");

            name ??= Unnamed(_unnamed++);
            if (_byName.ContainsKey(name)) throw new InvalidActorNameException($"actor name [{name}] of {parent.Self.Path} is not unique");
            var path = new ChildActorPath(parent.Self.Path, name, parent.System.NextUid());
            var child = new LocalActorRef(parent.System, props, (LocalActorRef)parent.Self, path);
            _byName.Add(name, child);
            return child;
        }
    }

    public LocalActorRef? Find(string name)
    {
        lock (_byName) return _byName.GetValueOrDefault(name);
    }

    public bool Contains(InternalActorRef child) => ReferenceEquals(Find(child.Path.Name), child);

    public LocalActorRef[] ToArray()
    {
        lock (_byName)
        {
            if (_byName.Count == 0) return [];
            var children = new LocalActorRef[_byName.Count];
            _byName.Values.CopyTo(children, 0);
            return children;
        }
    }

    public void MarkDying(LocalActorRef child)
    {
        lock (_byName)
        {
            if (child.Dying || !_byName.TryGetValue(child.Path.Name, out var known) || !ReferenceEquals(known, child)) return;
            child.Dying = true;
            _dying++;
        }
    }

    /// <summary>Sets what happens when no child is dying any more; false when that is so already, and nothing is set.
    /// Termination is set in any case, for no child may come after it.</summary>
    public bool AwaitDying(ChildrenFate fate)
    {
        lock (_byName)
        {
            if (_dying == 0 && fate != ChildrenFate.Termination) return false;
            Fate = fate;
            return _dying > 0;
        }
    }

    /// <summary>Forgets a child that has ended and says which fate is now due; its name is free from here on.</summary>
    public ChildrenFate Remove(InternalActorRef child)
    {
        lock (_byName)
        {
            if (!_byName.TryGetValue(child.Path.Name, out var known) || !ReferenceEquals(known, child)) return ChildrenFate.Living;
            _byName.Remove(child.Path.Name);
            if (known.Dying) _dying--;
            if (_dying > 0 || Fate == ChildrenFate.Living) return ChildrenFate.Living;
            var due = Fate;
            if (due == ChildrenFate.Recreation) Fate = ChildrenFate.Living;
            return due;
        }
    }

    /// <summary>$a, $b, .. $aa: never a name that a caller may give.</summary>
    private static string Unnamed(long number)
    {
        Span<char> text = stackalloc char[13];
        var at = text.Length;
        do
        {
            text[--at] = Digits[(int)(number & 63)];
            number >>= 6;
        }
        while (number > 0);
        text[--at] = '$';
        return new string(text[at..]);
    }
}
