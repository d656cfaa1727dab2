using System.Buffers;
using System.Text.Json;
using Picket.Detection.Events.Journal;
using Picket.Sensors.Logs.Native;

namespace Picket.Sensors.Logs.Following;

/// <summary>
/// The positions over restarts: one file, written whole under another name, synced and renamed, so that a kill or a power cut leaves
/// the one before or the one after.
/// </summary>
internal sealed class PositionStore(IFileSpace files, string path)
{
    private const int Version = 1;

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    /// <summary>When the files were looked at last: nanoseconds since 1970 by the file system's clock; 0 for never.</summary>
    public long LookedNs { get; set; }

    /// <summary>What was written last; empty when nothing was.</summary>
    /// <param name="problem">Why it cannot be used; null when it can, or is not there.</param>
    public List<Track> Load(out string? problem)
    {
        problem = null;
        if (!files.Exists(path)) return [];
        try
        {
            using var file = files.Open(path, write: false);
            var bytes = new byte[file.Length];
            using var document = JsonDocument.Parse(bytes.AsMemory(0, file.Read(0, bytes)));
            var root = document.RootElement;
            if (root.GetProperty("version").GetInt32() != Version) throw new FormatException("it was written by another version");
            var tracks = root.GetProperty("logs").EnumerateArray().Select(Read).ToList();
            LookedNs = root.GetProperty("looked").GetInt64();
            return tracks;
        }
        catch (Exception e) when (e is IOException or JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            problem = e.Message;
            return [];
        }
    }

    /// <summary>Writes down where the tracks stand.</summary>
    /// <returns>Why not; null when it was done.</returns>
    public string? Save(IEnumerable<Track> tracks)
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteNumber("looked", LookedNs);
            json.WriteStartArray("logs");
            foreach (var track in tracks) Write(json, track);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        try
        {
            return Put();
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    private string? Put()
    {
        var next = path + ".new";
        if (files.Exists(next)) files.Delete(next);
        using (var file = files.TryCreate(next, groupReadable: false))
        {
            if (file is null) return "there is no room";
            if (file.Write(0, _buffer.WrittenSpan) != WriteOutcome.Done || !file.Sync()) return "the disk refused it";
        }

        files.Rename(next, path);
        return files.SyncFolder(Path.GetDirectoryName(path)!) ? null : "the disk refused the new name";
    }

    private static void Write(Utf8JsonWriter json, Track track)
    {
        json.WriteStartObject();
        json.WriteString("path", track.Path);
        json.WriteNumber("device", track.Identity.Device);
        json.WriteNumber("inode", track.Identity.Inode);
        json.WriteNumber("birth", track.Identity.BirthNs);
        json.WriteNumber("epoch", track.Epoch);
        json.WriteNumber("offset", track.Committed);
        json.WriteBase64String("head", track.Head);
        if (track.Cursor is not null) json.WriteString("cursor", track.Cursor);
        json.WriteEndObject();
    }

    private static Track Read(JsonElement json)
    {
        var identity = new FileIdentity(json.GetProperty("device").GetUInt64(), json.GetProperty("inode").GetUInt64(),
            json.GetProperty("birth").GetInt64());
        var offset = json.GetProperty("offset").GetInt64();
        if (offset < 0) throw new FormatException($"the offset {offset} is below zero");
        var cursor = json.TryGetProperty("cursor", out var text) ? text.GetString() : null;
        return new Track(json.GetProperty("path").GetString()!, identity, json.GetProperty("epoch").GetInt32())
        {
            Committed = offset,
            Handed = offset,
            Head = json.GetProperty("head").GetBytesFromBase64(),
            HandedCursor = cursor,
            Cursor = cursor,
        };
    }
}
