namespace Picket.Detection.Alerts.Ecs;

/// <summary>ECS <c>rule.*</c> and <c>tags</c>.</summary>
internal static class RuleFields
{
    internal static void Write(EcsWriter writer, AlertRule rule, AlertOptions options)
    {
        writer.Texts("tags", [.. rule.Tags, .. options.Tags]);
        writer.Begin("rule");
        writer.Text("id", rule.Id);
        writer.Text("name", rule.Name);
        writer.Text("description", rule.Description);
        if (rule.Author is { Length: > 0 } author)
            writer.Texts("author", author.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        writer.Text("license", rule.License);

        // ECS has room for one; all of them are under picket.rule.
        if (rule.References.Count > 0) writer.Text("reference", rule.References[0]);
        writer.Text("ruleset", rule.Engine);
        writer.Text("version", rule.ContentHash);
        writer.End();
    }

    /// <summary>What ECS has no field for.</summary>
    internal static void WriteOwn(EcsWriter writer, AlertRule rule)
    {
        writer.Text("engine", rule.Engine);
        writer.Text("level", AlertLevels.Word(AlertLevels.Parse(rule.Level)));
        writer.Begin("rule");
        writer.Text("file", rule.File);
        writer.Text("hash", rule.ContentHash);
        writer.Texts("references", rule.References);
        writer.End();
    }
}
