namespace Picket.Hocon;

/// <summary>One leaf of a configuration: a value that is no object, or an empty object.</summary>
/// <param name="Path">The path expression from the root, with keys quoted where they must be.</param>
/// <param name="Value">The value; its own origin tells where the value stands.</param>
/// <param name="KeyOrigin">Where the key stands that set the value last.</param>
public sealed record ConfigEntry(string Path, ConfigValue Value, ConfigOrigin KeyOrigin)
{
    /// <summary>Where the value stands.</summary>
    public ConfigOrigin Origin => Value.Origin;
}
