using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>One way from a rule about single events to a correlation, and on to those over that one.</summary>
/// <param name="Windows">The correlation.</param>
/// <param name="Source">The place of what leads to it among its rules.</param>
/// <param name="Group">The event's fields that make the group, with aliases resolved.</param>
/// <param name="Values">The event's fields that the condition is about, likewise.</param>
/// <param name="Next">Where a firing goes.</param>
internal sealed record CorrelationInput(
    GroupWindows Windows, int Source, FieldId[] Group, FieldId[] Values, IReadOnlyList<CorrelationInput> Next)
{
    /// <summary>The ways from each rule about single events, in the order of the correlations.</summary>
    public static Dictionary<SigmaRule, CorrelationInput[]> Of(IReadOnlyList<GroupWindows> all)
    {
        var inputs = new Dictionary<SigmaRule, List<CorrelationInput>>();
        foreach (var windows in all)
        {
            var sources = windows.Rule.Sources;
            for (var i = 0; i < sources.Count; i++)
            {
                if (sources[i].Rule is not { } rule) continue;
                foreach (var form in rule.Copies.Prepend(rule))
                {
                    if (!inputs.TryGetValue(form, out var known)) inputs[form] = known = [];
                    known.Add(Of(windows, i, name => form.Names.Of(name)[0], all));
                }
            }
        }

        return inputs.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());
    }

    private static CorrelationInput Of(GroupWindows windows, int source, Func<string, string> fieldOf, IReadOnlyList<GroupWindows> all)
    {
        var rule = windows.Rule;
        var next = new List<CorrelationInput>();
        foreach (var outer in all)
        {
            var sources = outer.Rule.Sources;
            for (var i = 0; i < sources.Count; i++)
            {
                // The outer rule knows the names of this one, which mean fields of what leads to this one.
                if (sources[i].Correlation == rule) next.Add(Of(outer, i, name => fieldOf(rule.FieldOf(name, source)), all));
            }
        }

        return new CorrelationInput(windows, source, Fields(rule.GroupBy), Fields(rule.Syntax.Fields), next);

        FieldId[] Fields(IReadOnlyList<string> names) =>
            [.. names.Select(name => FieldTable.Intern(fieldOf(rule.FieldOf(name, source))))];
    }
}
