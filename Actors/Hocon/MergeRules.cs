namespace Picket.Hocon;

/// <summary>
/// What one value over another under the same key gives. The rules are those of duplicate keys; files merge by the same ones.
/// </summary>
internal static class MergeRules
{
    /// <summary>
    /// <paramref name="over"/> set after, or with priority over, <paramref name="under"/>. May change and return
    /// <paramref name="under"/>, which the caller must own; never changes <paramref name="over"/>.
    /// </summary>
    public static ConfigValue Over(ConfigValue under, ConfigValue over)
    {
        if (over.IsOpaque) return over;
        if (over is ConfigObject fields)
        {
            switch (under)
            {
                case ConfigObject lower:
                    foreach (var (key, field) in fields.Members) lower.Put(key, field);
                    return lower;
                case ConfigLiteral or ConfigArray:
                    return fields.HidingFallback();
            }
        }

        // A first append to a plain array, and an append to an append, need no look back: long lists stay flat.
        if (over is Concatenation { IsAppend: true } append && TryAppend(under, append)) return under;

        var stack = under as MergeStack ?? new MergeStack([under]);
        Push(stack, over);
        return stack;
    }

    /// <summary>A copy that <see cref="Over"/> may change.</summary>
    public static ConfigValue Copy(ConfigValue value) => value switch
    {
        ConfigObject fields => fields.Copy(),
        ConfigArray array => array.Copy(),
        MergeStack stack => new MergeStack(stack.Items.ConvertAll(Copy)),
        Concatenation { IsAppend: true } append => Concatenation.Append((Substitution)append.Pieces[0], append.Appended.Copy()),
        _ => value,
    };

    private static bool TryAppend(ConfigValue under, Concatenation append)
    {
        var target = under is MergeStack stack ? stack.Items[^1] : under;
        var array = target switch
        {
            ConfigArray plain => plain,
            Concatenation { IsAppend: true } earlier => earlier.Appended,
            _ => null,
        };
        array?.Append(append.Appended.Items);
        return array is not null;
    }

    private static void Push(MergeStack stack, ConfigValue over)
    {
        if (over is MergeStack more)
        {
            foreach (var item in more.Items) Push(stack, item);
            return;
        }

        if (over is ConfigObject && stack.Items[^1] is ConfigObject) stack.Items[^1] = Over(stack.Items[^1], over);
        else stack.Items.Add(over);
    }
}
