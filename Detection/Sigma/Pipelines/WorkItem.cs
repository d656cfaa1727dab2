using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Pipelines;

/// <summary>A detection item under work. Several may come of one; each knows what was applied to it.</summary>
/// <param name="item">The item as it is now.</param>
/// <param name="applied">Ids of what was applied so far.</param>
internal sealed class WorkItem(DetectionItem item, IEnumerable<string> applied)
{
    public DetectionItem Item { get; } = item;

    public HashSet<string> Applied { get; } = new(applied, StringComparer.Ordinal);

    /// <summary>The item changed, with its history.</summary>
    public WorkItem With(DetectionItem changed) => new(changed, Applied);
}
