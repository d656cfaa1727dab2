using Picket.Detection.Events;

namespace Picket.Detection.Context.Ancestry;

/// <summary>What is kept, of one boot.</summary>
/// <param name="bootId">The running boot: what another one wrote is not taken.</param>
internal sealed class AncestryState(string bootId)
{
    private readonly Dictionary<AncestorId, Ancestor> _ancestors = [];
    private readonly Dictionary<ProcessKey, AncestorId> _links = [];

    /// <summary>The dead.</summary>
    public IReadOnlyDictionary<AncestorId, Ancestor> Ancestors => _ancestors;

    /// <summary>The living whose parent is one of them.</summary>
    public IReadOnlyDictionary<ProcessKey, AncestorId> Links => _links;

    /// <summary>Adds to a selection.</summary>
    public bool Keep(Ancestor ancestor) => _ancestors.TryAdd(ancestor.Id, ancestor);

    /// <summary>Adds to a selection.</summary>
    public void Link(ProcessKey child, AncestorId parent) => _links[child] = parent;

    /// <summary>How <paramref name="wanted"/> differs from this; null when it does not.</summary>
    public AncestryChanged? Compare(AncestryState wanted)
    {
        var kept = wanted._ancestors.Where(pair => !_ancestors.ContainsKey(pair.Key)).Select(pair => pair.Value).ToArray();
        var dropped = _ancestors.Keys.Where(id => !wanted._ancestors.ContainsKey(id)).ToArray();
        var linked = wanted._links.Where(pair => !_links.TryGetValue(pair.Key, out var parent) || parent != pair.Value)
            .Select(pair => new AncestorLink(pair.Key, pair.Value)).ToArray();
        var unlinked = _links.Keys.Where(child => !wanted._links.ContainsKey(child)).ToArray();
        return kept.Length + dropped.Length + linked.Length + unlinked.Length == 0
            ? null
            : new AncestryChanged(bootId, kept, dropped, linked, unlinked);
    }

    /// <summary>Applies a change; false when it is of another boot.</summary>
    public bool Apply(AncestryChanged change)
    {
        if (change.BootId != bootId) return false;
        foreach (var id in change.Dropped) _ancestors.Remove(id);
        foreach (var ancestor in change.Kept) _ancestors[ancestor.Id] = ancestor;
        foreach (var child in change.Unlinked) _links.Remove(child);
        foreach (var link in change.Linked) _links[link.Child] = link.Parent;
        return true;
    }

    /// <summary>Takes the place of what is here; false when it is of another boot.</summary>
    public bool Restore(AncestrySnapshot snapshot)
    {
        if (snapshot.BootId != bootId) return false;
        _ancestors.Clear();
        _links.Clear();
        foreach (var ancestor in snapshot.Ancestors) _ancestors[ancestor.Id] = ancestor;
        foreach (var link in snapshot.Links) _links[link.Child] = link.Parent;
        return true;
    }

    /// <summary>All of it, which later changes do not touch.</summary>
    public AncestrySnapshot ToSnapshot() =>
        new(bootId, [.. _ancestors.Values], [.. _links.Select(pair => new AncestorLink(pair.Key, pair.Value))]);
}
