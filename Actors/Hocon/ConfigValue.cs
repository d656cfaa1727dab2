namespace Picket.Hocon;

/// <summary>A value of a configuration with the place it was written at.</summary>
public abstract class ConfigValue
{
    private protected ConfigValue(ConfigOrigin origin) => Origin = origin;

    /// <summary>Where the value begins in its source.</summary>
    public ConfigOrigin Origin { get; }

    /// <summary>The type the value was written as.</summary>
    public abstract ConfigValueKind Kind { get; }

    /// <summary>How much a rendering of the value takes, roughly in characters; bounds what substitutions may multiply.</summary>
    internal virtual long Weight => 1;

    /// <summary>Whether nothing below this value in a merge can be seen through it.</summary>
    internal virtual bool IsOpaque => false;

    /// <summary>The kind in the words of an error message.</summary>
    internal string Describe() => Kind switch
    {
        ConfigValueKind.Null => "null",
        ConfigValueKind.Boolean => $"the boolean {this}",
        ConfigValueKind.Number => $"the number {this}",
        ConfigValueKind.String => $"the string \"{this}\"",
        ConfigValueKind.Array => "an array",
        ConfigValueKind.Object => "an object",
        _ => "an unresolved substitution",
    };
}
