namespace Picket.Node.Guard;

/// <summary>What the node tells its guard, in the guard's environment.</summary>
/// <param name="Pid">The node's process.</param>
/// <param name="Name">What alerts call this host.</param>
/// <param name="AlertFile">The file to which alerts go, absolute; null for none.</param>
/// <param name="GroupReadable">Whether the file, when the guard has to make it, may be read by its group.</param>
/// <param name="Console">Whether alerts are printed as well.</param>
internal sealed record GuardSetup(int Pid, string Name, string? AlertFile, bool GroupReadable, bool Console)
{
    /// <summary>A heartbeat, and the goodbye.</summary>
    public const byte Beat = (byte)'.', Goodbye = (byte)'q';

    /// <summary>So that a guard which somebody starts by hand, or beside another version, knows it.</summary>
    private const string Mark = "picket guard 1";

    /// <summary>The variable's name.</summary>
    public const string Variable = "PICKET_GUARD";

    /// <summary>The variable's value.</summary>
    public string ToText()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Mark);
        writer.Write(Pid);
        writer.Write(Name);
        writer.Write(AlertFile ?? "");
        writer.Write(GroupReadable);
        writer.Write(Console);
        writer.Flush();
        return Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>Reads it; null when nobody told a guard anything.</summary>
    public static GuardSetup? Read(string? text)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(Convert.FromBase64String(text ?? "")));
            if (reader.ReadString() != Mark) return null;
            var (pid, name, file) = (reader.ReadInt32(), reader.ReadString(), reader.ReadString());
            return new GuardSetup(pid, name, file.Length > 0 ? file : null, reader.ReadBoolean(), reader.ReadBoolean());
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            return null;
        }
    }
}
