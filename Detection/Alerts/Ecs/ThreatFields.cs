namespace Picket.Detection.Alerts.Ecs;

/// <summary>ECS <c>threat.*</c> out of a rule's <c>attack.*</c> tags.</summary>
internal static class ThreatFields
{
    private const string Site = "https://attack.mitre.org/";

    internal static void Write(EcsWriter writer, IReadOnlyList<string> tags)
    {
        var tactics = new List<(string Id, string Name)>();
        var techniques = new List<string>();
        var subtechniques = new List<string>();
        string? group = null;
        string? software = null;
        foreach (var tag in tags)
        {
            if (!tag.StartsWith("attack.", StringComparison.OrdinalIgnoreCase)) continue;
            var name = tag[7..].ToLowerInvariant();
            if (ThreatTable.TryTactic(name, out var tactic)) AddNew(tactics, tactic);
            else if (IsNumbered(name, 't', out var sub))
            {
                var id = name.ToUpperInvariant();
                AddNew(techniques, id[..5]);
                if (sub) AddNew(subtechniques, id);
            }
            else if (IsNumbered(name, 'g', out sub) && !sub) group ??= name.ToUpperInvariant();
            else if (IsNumbered(name, 's', out sub) && !sub) software ??= name.ToUpperInvariant();
        }

        if (tactics.Count + techniques.Count == 0 && group is null && software is null) return;
        writer.Begin("threat");
        writer.Text("framework", ThreatTable.Framework);
        WriteTactics(writer, tactics);
        writer.Begin("technique");
        writer.Texts("id", techniques);
        writer.Texts("reference", techniques.ConvertAll(static id => $"{Site}techniques/{id}/"));
        writer.Begin("subtechnique");
        writer.Texts("id", subtechniques);
        writer.Texts("reference", subtechniques.ConvertAll(static id => $"{Site}techniques/{id.Replace('.', '/')}/"));
        writer.End();
        writer.End();
        WriteNamed(writer, "group", "groups", group);
        WriteNamed(writer, "software", "software", software);
        writer.End();
    }

    private static void WriteTactics(EcsWriter writer, List<(string Id, string Name)> tactics)
    {
        writer.Begin("tactic");
        writer.Texts("id", tactics.ConvertAll(static tactic => tactic.Id));
        writer.Texts("name", tactics.ConvertAll(static tactic => tactic.Name));
        writer.Texts("reference", tactics.ConvertAll(static tactic => $"{Site}tactics/{tactic.Id}/"));
        writer.End();
    }

    private static void WriteNamed(EcsWriter writer, string field, string folder, string? id)
    {
        if (id is null) return;
        writer.Begin(field);
        writer.Text("id", id);
        writer.Text("reference", $"{Site}{folder}/{id}/");
        writer.End();
    }

    /// <summary>A letter and four digits; after <c>t</c> also a dot and three more.</summary>
    private static bool IsNumbered(string name, char letter, out bool sub)
    {
        sub = name.Length == 9;
        if (name.Length != 5 && !sub) return false;
        if (name[0] != letter || name.AsSpan(1, 4).ContainsAnyExceptInRange('0', '9')) return false;
        return !sub || (name[5] == '.' && !name.AsSpan(6).ContainsAnyExceptInRange('0', '9'));
    }

    private static void AddNew<T>(List<T> list, T item)
    {
        if (!list.Contains(item)) list.Add(item);
    }
}
