using System.Globalization;
using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Logs.Native;

namespace Picket.Sensors.Logs.Following;

/// <summary>
/// One file's content from its first byte on, until it is truncated or its last byte was read: what a position is a position in. A
/// truncated file goes on as another track of the same identity, with the next epoch.
/// </summary>
internal sealed class Track
{
    /// <summary>The name under which the positions of the journal are kept.</summary>
    public const string JournalPath = "journal";

    /// <summary>Makes a track.</summary>
    /// <param name="path">The configured path, under which it was found first.</param>
    /// <param name="identity">Which file it is.</param>
    /// <param name="epoch">How often it was truncated before.</param>
    public Track(string path, FileIdentity identity, int epoch)
    {
        Path = path;
        Identity = identity;
        Epoch = epoch;
        var origin = string.Create(CultureInfo.InvariantCulture, $"{identity.Device:x}-{identity.Inode:x}-{identity.BirthNs:x}-{epoch}");
        Source = new EventSource("logs", path == JournalPath ? path : origin, null, 0) { Log = path, Spread = SpreadOf(path) };
    }

    /// <summary>The configured path.</summary>
    public string Path { get; }

    /// <summary>Which file it is.</summary>
    public FileIdentity Identity { get; }

    /// <summary>How often the file was truncated before.</summary>
    public int Epoch { get; }

    /// <summary>What batches say of their origin. Its lines have the same ids when they are read again.</summary>
    public EventSource Source { get; }

    /// <summary>The first bytes of the file: another file with the same inode begins otherwise.</summary>
    public byte[] Head { get; set; } = [];

    /// <summary>Behind the last line that was handed on: where a new reader goes on.</summary>
    public long Handed { get; set; }

    /// <summary>Behind the last line of a completed batch: where the next run goes on. Written under the commit's lock.</summary>
    public long Committed { get; set; }

    /// <summary>The journal's cursor behind the last entry that was handed on; null for a file.</summary>
    public string? HandedCursor { get; set; }

    /// <summary>The journal's cursor behind the last completed batch; null for a file.</summary>
    public string? Cursor { get; set; }

    /// <summary>Whether all of it was handed on and nothing will be added.</summary>
    public bool IsFinished { get; set; }

    /// <summary>Bytes of the file's beginning that are compared.</summary>
    public const int HeadLength = 256;

    /// <summary>Stable over runs: the lines of one path stay on one shard.</summary>
    private static uint SpreadOf(string path)
    {
        var hash = 2166136261U;
        foreach (var letter in Encoding.UTF8.GetBytes(path)) hash = (hash ^ letter) * 16777619U;
        return hash;
    }
}
