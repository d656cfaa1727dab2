using System.Text.Json;

namespace Picket.Spec.Live;

/// <summary>A process of tests/Spec/Rules/live-cases.json that a rule must, or must not, alert on.</summary>
/// <param name="Name">The program's file name.</param>
/// <param name="Base">The folder above the private one.</param>
/// <param name="Folder">A folder below the private one; empty for none.</param>
/// <param name="Argv0">argv[0] where it is not the name.</param>
/// <param name="Arguments">The rest of argv.</param>
/// <param name="Environment">NAME=value each.</param>
/// <param name="Directory">The working directory.</param>
/// <param name="Parent">The process that starts it; null for the test's own.</param>
/// <param name="Differs">What sets a near miss apart; empty for a case that fires.</param>
internal sealed record LiveCase(
    string Name,
    string Base,
    string Folder,
    string? Argv0,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Environment,
    string Directory,
    LiveCase? Parent,
    string Differs)
{
    private static readonly string[] Known = ["name", "base", "dir", "argv0", "args", "env", "cwd", "parent", "differs"];

    public IEnumerable<string> Argv => [Argv0 ?? Name, .. Arguments];

    public static LiveCase Read(JsonElement json)
    {
        foreach (var property in json.EnumerateObject()) Assert.Contains(property.Name, Known);
        return new LiveCase(
            Text(json, "name")!,
            Text(json, "base") ?? "/tmp",
            Text(json, "dir") ?? "",
            Text(json, "argv0"),
            [.. json.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!)],
            json.TryGetProperty("env", out var variables) ? [.. variables.EnumerateObject().Select(variable => $"{variable.Name}={variable.Value}")] : [],
            Text(json, "cwd") ?? "/",
            json.TryGetProperty("parent", out var parent) ? Read(parent) : null,
            Text(json, "differs") ?? "");
    }

    public override string ToString() =>
        $"{(Parent is null ? "" : Parent + " > ")}{Path.Combine(Base, Folder, Name)} as {string.Join(' ', Argv)}{(Differs.Length > 0 ? $" ({Differs})" : "")}";

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
