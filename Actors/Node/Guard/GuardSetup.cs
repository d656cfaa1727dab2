namespace Picket.Node.Guard;

/// <summary>What the node tells its guard before the first heartbeat.</summary>
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

    /// <summary>The bytes that begin what goes through the pipe.</summary>
    public byte[] ToBytes()
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
        return bytes.ToArray();
    }

    /// <summary>Reads it; null when nobody told a guard anything.</summary>
    public static GuardSetup? Read(Stream from)
    {
        try
        {
            var reader = new BinaryReader(from);
            if (reader.ReadString() != Mark) return null;
            var (pid, name, file) = (reader.ReadInt32(), reader.ReadString(), reader.ReadString());
            return new GuardSetup(pid, name, file.Length > 0 ? file : null, reader.ReadBoolean(), reader.ReadBoolean());
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
