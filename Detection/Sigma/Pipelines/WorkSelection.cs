using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Pipelines;

/// <summary>A selection under work.</summary>
/// <param name="Name">Its name.</param>
/// <param name="At">Where it is written.</param>
/// <param name="Alternatives">Items that must all match, per alternative.</param>
/// <param name="IsAdded">Whether a pipeline added it.</param>
internal sealed record WorkSelection(string Name, Place At, List<List<WorkItem>> Alternatives, bool IsAdded)
{
    public static WorkSelection Of(SelectionSyntax selection) => new(selection.Name, selection.At,
        [.. selection.Alternatives.Select(group => group.Items.Select(item => new WorkItem(item, [])).ToList())], selection.IsAdded);

    public WorkSelection Copy() =>
        this with { Alternatives = [.. Alternatives.Select(group => group.ConvertAll(item => item.With(item.Item)))] };

    public SelectionSyntax ToSyntax() =>
        new(Name, At, [.. Alternatives.Select(group => new ItemGroup(group.ConvertAll(item => item.Item)))], IsAdded);
}
