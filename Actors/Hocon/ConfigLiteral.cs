namespace Picket.Hocon;

/// <summary>A null, boolean, number or string.</summary>
public sealed class ConfigLiteral : ConfigValue
{
    private const int ShownLength = 60;

    internal ConfigLiteral(ConfigOrigin origin, ConfigValueKind kind, string text)
        : base(origin)
    {
        Kind = kind;
        Text = text;
    }

    /// <inheritdoc/>
    public override ConfigValueKind Kind { get; }

    /// <summary>The string's characters, or the literal as it was written: <c>null</c>, <c>true</c>, <c>1e5</c>.</summary>
    public string Text { get; }

    internal override long Weight => 1 + Text.Length;

    internal override bool IsOpaque => true;

    /// <summary>The text, cut for messages where it is long.</summary>
    internal string Shown => Text.Length <= ShownLength ? Text : string.Concat(Text.AsSpan(0, ShownLength), "...");

    /// <summary>The text as it is.</summary>
    public override string ToString() => Text;
}
