using System.Globalization;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>What ECS has no fields for: why events belong together, under <c>picket.correlation</c>.</summary>
internal static class CorrelationFields
{
    internal static void Write(EcsWriter writer, AlertCorrelation correlation)
    {
        writer.Begin("correlation");
        writer.Text("type", correlation.Type);
        writer.Texts("rules", correlation.Rules);
        if (correlation.Group.Count > 0)
        {
            // By items and not by names: a document's fields are its writer's to choose, not a rule's.
            writer.BeginArray("group");
            foreach (var (field, value) in correlation.Group)
            {
                if (!writer.BeginItem()) break;
                writer.Text("field", field);
                writer.Text("value", value);
                writer.End();
            }

            writer.EndArray();
        }

        writer.Time("from", correlation.FromNs);
        writer.Time("to", correlation.ToNs);
        writer.Number("timespan_seconds", (long)correlation.Timespan.TotalSeconds);
        writer.Number("count", correlation.Count);
        writer.Decimal("value", correlation.Value);
        writer.End();
    }

    /// <summary>The part of the readable line: <c>User=alice | 10 in 5 min</c>.</summary>
    internal static string TextOf(AlertCorrelation correlation)
    {
        var group = string.Join(' ', correlation.Group.Select(pair => $"{pair.Key}={pair.Value ?? "-"}"));
        var length = TimeSpan.FromMilliseconds((correlation.ToNs - correlation.FromNs) / 1_000_000);
        var found = string.Create(CultureInfo.InvariantCulture, $"{correlation.Count} in {length.TotalSeconds:0.###} s");
        return group.Length == 0 ? found : $"{group} | {found}";
    }
}
