using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Logs.Access;
using Picket.Sensors.Logs.Native;

namespace Picket.Sensors.Logs.Following;

/// <summary>Finds a file's content under another name, as rotation leaves it: renamed, or copied before it was truncated.</summary>
internal sealed class Remains(ILogFiles files)
{
    /// <summary>A beginning that is shorter could be anybody's.</summary>
    private const int ShortestHead = 16;

    /// <summary>
    /// Opens the file beside <paramref name="track"/>'s that has its identity, or its beginning and at least what was read; null when there
    /// is none.
    /// </summary>
    /// <param name="track">Whose content is looked for.</param>
    /// <param name="copyOnly">Whether the file itself goes on as something else.</param>
    public SafeFileHandle? Open(Track track, bool copyOnly)
    {
        var folder = Path.GetDirectoryName(track.Path) ?? "/";
        if (!files.IsFolder(folder)) return null;
        foreach (var path in Candidates(track, folder))
        {
            var handle = files.Open(path, out var errno);
            if (errno == 0 && files.TryStat(handle, path, out var facts) && facts.IsRegular && Holds(track, handle, facts, copyOnly))
                return handle;
            files.Close(handle, path);
        }

        return null;
    }

    /// <summary>
    /// Opens the files beside <paramref name="track"/>'s that rotation made after <paramref name="bornNs"/>, the oldest first: what was
    /// written and rotated away between two looks. Compressed ones are none of them.
    /// </summary>
    /// <param name="track">Whose path it is about.</param>
    /// <param name="bornNs">When the rest of the track itself, or its copy, came to be.</param>
    /// <param name="isKnown">Whether a file is followed already.</param>
    public List<(SafeFileHandle Handle, FileFacts Facts)> OpenLater(
        Track track, long bornNs, Func<SafeFileHandle, FileIdentity, bool> isKnown)
    {
        var found = new List<(SafeFileHandle Handle, FileFacts Facts)>();
        var folder = Path.GetDirectoryName(track.Path) ?? "/";
        if (bornNs == 0 || !files.IsFolder(folder)) return found;
        foreach (var path in Candidates(track, folder).Where(path => PathPattern.IsRotated(path) && !IsCompressed(path)))
        {
            var handle = files.Open(path, out var errno);
            if (errno == 0 && files.TryStat(handle, path, out var facts) && facts.IsRegular && facts.Identity.BirthNs > bornNs
                && !isKnown(handle, facts.Identity))
            {
                found.Add((handle, facts));
            }
            else
            {
                files.Close(handle, path);
            }
        }

        found.Sort(static (left, right) => left.Facts.Identity.BirthNs.CompareTo(right.Facts.Identity.BirthNs));
        return found;
    }

    private static bool IsCompressed(string path) => Path.GetExtension(path) is ".gz" or ".xz" or ".bz2" or ".zst";

    /// <summary>The newest first: logrotate calls it .1, or by the day.</summary>
    private IEnumerable<string> Candidates(Track track, string folder)
    {
        var name = Path.GetFileNameWithoutExtension(track.Path);
        try
        {
            return [.. files.Files(folder).Where(path => path != track.Path
                && Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal)).OrderByDescending(files.LastWritten)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private bool Holds(Track track, SafeFileHandle handle, in FileFacts facts, bool copyOnly)
    {
        if (facts.Identity == track.Identity) return !copyOnly;
        if (facts.Size < track.Handed) return false;
        return HasHead(handle, track);
    }

    /// <summary>Whether a file begins as <paramref name="track"/> does, at enough length to be no chance.</summary>
    public bool HasHead(SafeFileHandle handle, Track track)
    {
        if (track.Head.Length < ShortestHead) return false;
        Span<byte> head = stackalloc byte[Track.HeadLength];
        head = head[..track.Head.Length];
        return files.Read(handle, track.Path, head, 0) == head.Length && head.SequenceEqual(track.Head);
    }
}
