using System.Text;

namespace Picket.Detection.Context.Containers;

/// <summary>Containers by control group, so that a process that starts in a known one costs a look. One writer.</summary>
internal sealed class ContainerCache
{
    private const int MaxGroups = 4096;

    private readonly Dictionary<ulong, ContainerFacts?> _groups = [];

    /// <summary>The container of a control group; null for one of the host, and where nothing is known.</summary>
    /// <param name="group">The group's id, which the kernel does not give again within a boot; 0 when unknown.</param>
    /// <param name="path">Its path.</param>
    public ContainerFacts? Find(ulong group, ReadOnlySpan<byte> path) // hot
    {
        if (path.IsEmpty) return null;
        if (group != 0 && _groups.TryGetValue(group, out var known)) return known;
        var found = ContainerPath.Find(Encoding.UTF8.GetString(path));
        if (group == 0) return found;
        if (_groups.Count == MaxGroups) _groups.Clear();
        _groups[group] = found;
        return found;
    }
}
