namespace Picket.Hocon;

/// <summary>Leaves out of a merged tree what only a fallback brought.</summary>
internal static class OwnFields
{
    /// <summary>The fields of <paramref name="whole"/>, resolved, that <paramref name="own"/> writes too, at any depth.</summary>
    public static ConfigValue Of(ConfigValue whole, ConfigValue own)
    {
        if (whole is not ConfigObject fields || own is not ConfigObject written) return whole;
        var made = new ConfigObject(whole.Origin, isResolved: true);
        foreach (var (key, field) in written.Members)
        {
            // An optional substitution without a value writes a key that is not there.
            if (!fields.Members.TryGetValue(key, out var found)) continue;
            made.AddResolved(key, found with { Value = Of(found.Value, field.Value) });
        }

        return made;
    }
}
