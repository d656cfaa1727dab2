using Picket.Detection.Events;

namespace Picket.Detection.Context.Ancestry;

/// <summary>
/// Chooses what must be kept: of every living process the ended ones above it, up to the first that lives, which has its own. Bounded
/// by depth, number and bytes: all parents come before any grandparent, and in a generation those of the oldest processes first.
/// </summary>
internal static class AncestrySelection
{
    /// <summary>Bytes that an ancestor is counted with beyond its program.</summary>
    private const int FixedBytes = 512;

    /// <summary>The selection. It walks contexts that the context stage goes on publishing: a chain that is cut meanwhile is shorter.
    /// </summary>
    public static AncestryState Of(IReadOnlyList<ProcessContext> living, string bootId, AncestryOptions options)
    {
        var wanted = new AncestryState(bootId);
        var alive = new HashSet<ProcessKey>(living.Count);
        foreach (var context in living) alive.Add(context.Key);
        var generation = living.Where(context => IsDead(context.Parent)).OrderBy(context => context.Key.StartNs)
            .ThenBy(context => context.Key.Pid).ToList();
        var bytes = 0L;
        var full = false;
        for (var depth = 0; depth < ProcessContext.MaxAncestors && generation.Count > 0 && !full; depth++)
        {
            var next = new List<ProcessContext>();
            foreach (var child in generation)
            {
                if (child.Parent is not { } parent) continue;
                var id = AncestorId.Of(parent);
                if (!wanted.Ancestors.ContainsKey(id))
                {
                    // None that is smaller or younger takes the place of one that found none, or each write would choose anew.
                    bytes += FixedBytes + parent.Program.StoredLength;
                    full |= wanted.Ancestors.Count == options.MaxAncestors || bytes > options.MaxBytes;
                    if (full) continue;
                    wanted.Keep(Ancestor.Of(parent));
                    if (IsDead(parent.Parent)) next.Add(parent);
                }

                if (depth == 0) wanted.Link(child.Key, id);
            }

            generation = next;
        }

        return wanted;

        bool IsDead(ProcessContext? context) => context is not null && !alive.Contains(context.Key);
    }
}
