using System.Text;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// The bytes of an engine's groups: little-endian numbers, lengths before what they count, and a checksum at the end. Frozen by a test:
/// another form gets another version.
/// </summary>
internal static class CorrelationForm
{
    private const uint Version = 0x31434B50; // PKC1
    private const int OccurrenceBytes = 36;
    private const int ChecksumBytes = 8;

    /// <summary>The checksum is no secret's: it tells damage, not malice.</summary>
    private static readonly KeyedHash Checksum = new(0, 0);

    /// <summary>Writes all groups.</summary>
    public static byte[] Write(KeyedHash hash, IReadOnlyList<GroupWindows> all)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(hash.Key0);
        writer.Write(hash.Key1);
        writer.Write(all.Count);
        foreach (var windows in all)
        {
            writer.Write(windows.Rule.Identity);
            writer.Write(windows.Count);
            windows.Export((key, silentUntil, occurrences) => Write(writer, key, silentUntil, occurrences));
        }

        writer.Flush();
        writer.Write(Checksum.Of(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>The key of the hashes that are in it; false when it is not whole, or of another version.</summary>
    public static bool TryReadKey(ReadOnlySpan<byte> saved, out KeyedHash hash)
    {
        hash = Checksum;
        if (saved.Length < 24 + ChecksumBytes || BitConverter.ToUInt32(saved) != Version) return false;
        if (Checksum.Of(saved[..^ChecksumBytes]) != BitConverter.ToUInt64(saved[^ChecksumBytes..])) return false;
        hash = new KeyedHash(BitConverter.ToUInt64(saved[4..]), BitConverter.ToUInt64(saved[12..]));
        return true;
    }

    /// <summary>Reads the groups of rules that are the same; several with one text get theirs in their order.</summary>
    /// <returns>How many; -1 when the bytes contradict themselves.</returns>
    public static int Read(ReadOnlySpan<byte> saved, IReadOnlyList<GroupWindows> all)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(saved[20..^ChecksumBytes].ToArray(), writable: false), Encoding.UTF8);
            var (groups, left) = (0, all.ToList());
            for (var rules = reader.ReadInt32(); rules > 0; rules--)
            {
                var identity = reader.ReadString();
                var windows = left.Find(candidate => candidate.Rule.Identity == identity);
                if (windows is not null) left.Remove(windows);
                for (var rest = reader.ReadInt32(); rest > 0; rest--)
                {
                    var key = reader.ReadBytes(reader.ReadInt32());
                    var silentUntil = reader.ReadInt64();
                    var occurrences = ReadOccurrences(reader);
                    if (windows is null) continue;
                    if (Array.Exists(occurrences, one => (uint)one.Source >= (uint)windows.Rule.Sources.Count)) return -1;
                    windows.Import(key, silentUntil, occurrences);
                    groups++;
                }
            }

            return groups;
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException)
        {
            return -1;
        }
    }

    private static void Write(BinaryWriter writer, ReadOnlySpan<byte> key, long silentUntil, ReadOnlySpan<Occurrence> occurrences)
    {
        writer.Write(key.Length);
        writer.Write(key);
        writer.Write(silentUntil);
        writer.Write(occurrences.Length);
        foreach (ref readonly var occurrence in occurrences)
        {
            writer.Write(occurrence.Time);
            writer.Write(occurrence.IdHigh);
            writer.Write(occurrence.IdLow);
            writer.Write(occurrence.Value);
            writer.Write(occurrence.Source);
        }
    }

    private static Occurrence[] ReadOccurrences(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        if (count < 0 || count * (long)OccurrenceBytes > reader.BaseStream.Length - reader.BaseStream.Position)
            throw new EndOfStreamException($"{count} occurrences are not there");
        var occurrences = new Occurrence[count];
        for (var i = 0; i < count; i++)
        {
            occurrences[i] = new Occurrence
            {
                Time = reader.ReadInt64(), IdHigh = reader.ReadUInt64(), IdLow = reader.ReadUInt64(),
                Value = reader.ReadInt64(), Source = reader.ReadInt32(),
            };
        }

        return occurrences;
    }
}
