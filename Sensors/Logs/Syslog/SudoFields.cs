using Picket.Detection.Events;

namespace Picket.Sensors.Logs.Syslog;

/// <summary>
/// The keys of a line of sudo, <c>alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/ls</c>, as fields under sudo's own
/// names. COMMAND is the last one and takes the rest, whatever is in it.
/// </summary>
internal static class SudoFields
{
    private static readonly (byte[] Key, FieldId Field)[] Keys =
    [
        Key("HOST"), Key("TTY"), Key("CHROOT"), Key("PWD"), Key("USER"), Key("GROUP"), Key("TSID"), Key("ENV"), Key("EXIT"), Key("SIGNAL"),
        Key("COMMAND"),
    ];

    private static ReadOnlySpan<byte> Separator => " ; "u8;

    private static ReadOnlySpan<byte> Command => "COMMAND="u8;

    /// <summary>Adds the fields to the record added last.</summary>
    /// <param name="batch">The batch, whose arena holds the message already.</param>
    /// <param name="start">Where the message begins in the arena.</param>
    /// <param name="message">The message.</param>
    public static void Add(EventBatch batch, int start, ReadOnlySpan<byte> message) // hot
    {
        var colon = message.IndexOf(" : "u8);
        if (colon <= 0) return;
        batch.AddField(LogFields.User, FieldKind.Text, start, colon);
        var at = colon + 3;
        while (at < message.Length)
        {
            var rest = message[at..];
            var length = rest.StartsWith(Command) ? rest.Length : rest.IndexOf(Separator);
            if (length < 0) length = rest.Length;
            AddPair(batch, start + at, rest[..length]);
            at += length + Separator.Length;
        }
    }

    private static void AddPair(EventBatch batch, int start, ReadOnlySpan<byte> pair)
    {
        foreach (var (key, field) in Keys)
        {
            if (!pair.StartsWith(key)) continue;
            batch.AddField(field, FieldKind.Text, start + key.Length, pair.Length - key.Length);
            return;
        }
    }

    private static (byte[] Key, FieldId Field) Key(string name) =>
        (System.Text.Encoding.ASCII.GetBytes(name + "="), FieldTable.Intern(name));
}
