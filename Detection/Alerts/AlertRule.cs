namespace Picket.Detection.Alerts;

/// <summary>What an alert says of the rule behind it, whatever engine the rule belongs to.</summary>
/// <param name="Engine">The engine's short name: <c>sigma</c>, <c>yara</c>, <c>ioc</c>, or <c>picket</c> for the node's own
/// notices.</param>
/// <param name="Id">The rule's own id, or a stable substitute where it has none.</param>
/// <param name="Name">The rule's title.</param>
/// <param name="ContentHash">SHA-256 of the rule's content in lower-case hexadecimal: an edited rule is another rule.</param>
/// <param name="Level">Sigma's level: informational, low, medium, high or critical.</param>
/// <param name="Description">What it detects; null where it does not say.</param>
/// <param name="Author">Who wrote it; null where it does not say.</param>
/// <param name="License">Its licence; null where it does not say.</param>
/// <param name="References">Where to read more.</param>
/// <param name="Tags">Sigma tags, such as <c>attack.t1059.004</c>.</param>
/// <param name="File">The rule's file; null for built-in ones.</param>
public sealed record AlertRule(
    string Engine,
    string Id,
    string Name,
    string ContentHash,
    string Level,
    string? Description,
    string? Author,
    string? License,
    IReadOnlyList<string> References,
    IReadOnlyList<string> Tags,
    string? File);
