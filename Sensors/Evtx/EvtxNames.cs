namespace Picket.Sensors.Evtx;

/// <summary>
/// The names under which rules know the fields of an event, from its place in the JSON that others make of event logs:
/// <c>Event.EventData.Image</c> is <c>Image</c>, <c>Event.System.EventID.#text</c> is <c>EventID</c>,
/// <c>Event.System.Provider.#attributes.Name</c> is <c>Provider_Name</c>, <c>Event.UserData.EventXML.User</c> is <c>User</c>. The same as
/// a replay of that JSON gives, which a test holds.
/// </summary>
internal static class EvtxNames
{
    private static ReadOnlySpan<byte> Attributes => "#attributes."u8;

    private static ReadOnlySpan<byte> Text => "#text"u8;

    /// <summary>Writes the name of a path; returns its length, 0 for none, at most the path's.</summary>
    /// <param name="path">The names of elements from the root on, joined by dots.</param>
    /// <param name="name">Where to, as long as the path at least.</param>
    public static int Write(ReadOnlySpan<byte> path, Span<byte> name)
    {
        var rest = path;
        if (path.StartsWith("Event.System."u8)) rest = path["Event.System.".Length..];
        else if (path.StartsWith("Event.EventData."u8)) rest = path["Event.EventData.".Length..];
        else if (path.StartsWith("Event.UserData."u8) && path["Event.UserData.".Length..].IndexOf((byte)'.') is >= 0 and var dot)
        {
            // The one element in it has the event's own name, which rules do not say.
            rest = path[("Event.UserData.".Length + dot + 1)..];
        }
        else return Copy(path, name);

        if (rest.SequenceEqual(Text)) return 0;
        if (rest.EndsWith(Text) && rest[..^Text.Length].EndsWith("."u8)) rest = rest[..^(Text.Length + 1)];
        var attribute = rest.IndexOf(Attributes);
        if (attribute < 0) return Copy(rest, name);

        // Attributes of what was left out have no name.
        if (attribute == 0) return 0;
        var length = Copy(rest[..(attribute - 1)], name);
        name[length++] = (byte)'_';
        return length + Copy(rest[(attribute + Attributes.Length)..], name[length..]);
    }

    private static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        from.CopyTo(to);
        return from.Length;
    }
}
