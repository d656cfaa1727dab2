using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Picket.Sensors.Replay.Inputs;

/// <summary>
/// Opens a file and what is packed in it, one part after the other: gzip at any place, the entries of a zip or tar archive in their order.
/// All is unpacked while it is read, so that what is small here and huge unpacked takes time, never memory.
/// </summary>
public static class InputParts
{
    /// <summary>How often a thing may be packed in another one.</summary>
    private const int MaxPacked = 3;

    /// <summary>What an archive without its list of entries is told to be.</summary>
    private const string Cut = "the zip archive is cut off or damaged: ";

    /// <summary>The parts of a file. Each one's content is to be disposed of before the next is asked for.</summary>
    /// <param name="name">What messages call the file.</param>
    /// <param name="file">The file, which this then owns.</param>
    /// <param name="forced">The format of every part; <see cref="InputFormat.Unknown"/> to recognise it.</param>
    /// <param name="onMalformed">Told of each part that cannot be read, and why.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IEnumerable<InputPart> Open(string name, Stream file, InputFormat forced, Action<MalformedRecord> onMalformed) =>
        Open(name, file, new Opening(forced, onMalformed), 0);

    private static IEnumerable<InputPart> Open(string name, Stream file, Opening opening, int packed)
    {
        using var owned = file;
        var head = new byte[FormatProbe.HeadLength];
        if (!TryHead(name, file, head, opening, out var count)) yield break;
        if (count == 0) yield break;
        var isGzip = FormatProbe.IsGzip(head.AsSpan(0, count));
        var isTar = FormatProbe.IsTar(head.AsSpan(0, count));
        if (isGzip || isTar || FormatProbe.IsZip(head.AsSpan(0, count)))
        {
            if (packed == MaxPacked)
            {
                opening.Refuse(name, $"it is packed more than {MaxPacked} times");
                yield break;
            }

            var parts = isGzip
                ? Open(name, new UnpackedStream(Again(file, head, count)), opening, packed + 1)
                : isTar ? TarEntries(name, Again(file, head, count), opening, packed + 1) : Entries(name, file, opening, packed + 1);
            foreach (var part in parts) yield return part;
            yield break;
        }

        if (FormatProbe.Packer(head.AsSpan(0, count)) is { } packer)
        {
            opening.Refuse(name, $"it is packed by {packer}, which is not read: it has to be unpacked first");
            yield break;
        }

        var content = Again(file, head, count);
        if (FormatProbe.Utf16(head.AsSpan(0, count)) is { } encoding)
        {
            content = Encoding.CreateTranscodingStream(content, encoding, new UTF8Encoding(false));
            count = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            content = new HeadStream(head, count, content);
        }

        var format = opening.Forced != InputFormat.Unknown ? opening.Forced : FormatProbe.Recognise(head.AsSpan(0, count));
        if (format == InputFormat.Unknown) opening.Refuse(name, "what it is written in is not recognised; --format would say it");
        else yield return new InputPart(name, format, content);
    }

    private static IEnumerable<InputPart> Entries(string name, Stream file, Opening opening, int packed)
    {
        // The list of entries is at the end, and what cannot be sought in would have to be held in memory.
        if (!file.CanSeek)
        {
            opening.Refuse(name, "a zip archive that is packed itself, or comes through a pipe, is not read: it has to be unpacked first");
            yield break;
        }

        file.Position = 0;
        if (Guarded(name, opening, () => new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true), Cut) is not { } archive) yield break;
        using (archive)
        {
            if (Guarded(name, opening, () => archive.Entries, Cut) is not { } entries) yield break;
            foreach (var entry in entries)
            {
                // A folder; or what macOS puts beside each file.
                if (entry.FullName.EndsWith('/') || entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)) continue;
                var inner = $"{name}!{Harmless(entry.FullName)}";
                if (entry.IsEncrypted)
                {
                    opening.Refuse(inner, "it is encrypted");
                    continue;
                }

                if (Guarded(inner, opening, entry.Open) is not { } content) continue;
                foreach (var part in Open(inner, content, opening, packed)) yield return part;
            }
        }
    }

    /// <summary>The files of a tar archive, in their order; none has to be sought in.</summary>
    private static IEnumerable<InputPart> TarEntries(string name, Stream file, Opening opening, int packed)
    {
        using var archive = new TarReader(file, leaveOpen: true);
        while (true)
        {
            TarEntry? entry;
            try
            {
                entry = archive.GetNextEntry();
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                opening.Refuse(name, $"the archive is damaged, and ends here: {e.Message}");
                yield break;
            }

            if (entry is null) yield break;
            if (entry.DataStream is not { } content) continue;
            foreach (var part in Open($"{name}!{Harmless(entry.Name)}", content, opening, packed)) yield return part;
        }
    }

    private static bool TryHead(string name, Stream file, byte[] head, Opening opening, out int count)
    {
        count = 0;
        try
        {
            int read;
            while (count < head.Length && (read = file.Read(head, count, head.Length - count)) > 0) count += read;
            return true;
        }
        catch (InvalidDataException e)
        {
            // What was unpacked before is read: the stream says again that it is damaged when that is done.
            if (count > 0) return true;
            opening.Refuse(name, $"it is packed and damaged: {e.Message}");
            return false;
        }
    }

    /// <summary>The stream with its first bytes, whatever was read of it.</summary>
    private static Stream Again(Stream file, byte[] head, int count)
    {
        if (!file.CanSeek) return new HeadStream(head[..count], count, file);
        file.Position = 0;
        return file;
    }

    private static T? Guarded<T>(string name, Opening opening, Func<T> open, string what = "")
        where T : class
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            opening.Refuse(name, what + e.Message);
            return null;
        }
    }

    /// <summary>An entry's name as it may be shown: it was chosen by whoever made the archive.</summary>
    private static string Harmless(string name) =>
        string.Create(name.Length, name, static (into, from) =>
        {
            for (var i = 0; i < into.Length; i++) into[i] = char.IsControl(from[i]) ? '\uFFFD' : from[i];
        });

    /// <summary>How the parts are opened.</summary>
    private sealed record Opening(InputFormat Forced, Action<MalformedRecord> OnMalformed)
    {
        public void Refuse(string name, string why) => OnMalformed(new MalformedRecord(name, 0, 0, why));
    }
}
