namespace Picket.Hocon;

/// <summary>A <c>${path}</c> or <c>${?path}</c> that waits for the whole configuration.</summary>
/// <param name="origin">Where it was written.</param>
/// <param name="path">The path from the root of the whole configuration.</param>
/// <param name="prefix">
/// How many leading keys of the path were added because the file was included below the root; the path is looked up without them second.
/// </param>
/// <param name="optional">Whether an undefined path is no error.</param>
internal sealed class Substitution(ConfigOrigin origin, IReadOnlyList<string> path, int prefix, bool optional) : ConfigValue(origin)
{
    public override ConfigValueKind Kind => ConfigValueKind.Unresolved;

    public IReadOnlyList<string> Path => path;

    public int Prefix => prefix;

    public bool IsOptional => optional;

    /// <summary>The path as it was written.</summary>
    public IReadOnlyList<string> WrittenPath => prefix == 0 ? path : [.. path.Skip(prefix)];

    public override string ToString() => $"${{{(optional ? "?" : "")}{ConfigPath.Format(WrittenPath)}}}";
}
