namespace Picket.Hocon;

/// <summary>Values set for one key that cannot be merged before substitutions are resolved, the last one set at the end.</summary>
internal sealed class MergeStack(List<ConfigValue> items) : ConfigValue(items[^1].Origin)
{
    public override ConfigValueKind Kind => ConfigValueKind.Unresolved;

    // Never holds another stack; grows only while its maker owns it.
    public List<ConfigValue> Items => items;

    internal override bool IsOpaque => items[0].IsOpaque;
}
