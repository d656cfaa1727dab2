namespace Picket.Detection.Events;

/// <summary>
/// The fields of which rules ask whether they are there, whatever their value. Sources tell of these also where they have no value of
/// their own: an object with fields in it, or an empty list.
/// </summary>
public static class PresenceTable
{
    private static readonly Lock Gate = new();
    private static bool[] _asked = [];

    /// <summary>A rule asks for <paramref name="id"/>.</summary>
    public static void Ask(FieldId id)
    {
        lock (Gate)
        {
            var asked = _asked;
            if (id.Value >= asked.Length) Array.Resize(ref asked, Math.Max(FieldTable.Count, id.Value + 1));
            asked[id.Value] = true;
            Volatile.Write(ref _asked, asked);
        }
    }

    /// <summary>Whether a rule has asked for it.</summary>
    public static bool IsAsked(FieldId id) // hot
    {
        var asked = Volatile.Read(ref _asked);
        return id.Value < asked.Length && asked[id.Value];
    }
}
