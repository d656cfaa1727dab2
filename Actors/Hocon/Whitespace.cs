namespace Picket.Hocon;

/// <summary>The unquoted white space between two values; it counts only if both turn out to be simple values.</summary>
internal sealed class Whitespace(ConfigOrigin origin, string text) : ConfigValue(origin)
{
    public override ConfigValueKind Kind => ConfigValueKind.Unresolved;

    public string Text => text;
}
