using System.Buffers.Text;

namespace Picket.Sensors.Ebpf.Folders;

/// <summary>
/// Names below /proc mean another place for each process that uses them: <c>/proc/self</c> is the caller's to the caller and this
/// process's own to this one, and the links behind <c>cwd</c>, <c>root</c> and <c>fd/N</c> are followed by nobody who looks below a root.
/// </summary>
internal static class ProcessPlaces
{
    /// <summary>Room for what <see cref="TryLead"/> gives and what follows it.</summary>
    public const int Longest = PathMax * 2;

    private const int PathMax = 4096;

    private static readonly byte[] Own = [.. System.Text.Encoding.ASCII.GetBytes($"/{Environment.ProcessId}")];

    /// <summary>The path without <c>/proc/self/root</c> at its beginning, which to the caller is its root whatever that is.</summary>
    public static ReadOnlySpan<byte> StepOver(ReadOnlySpan<byte> path)
    {
        while (true)
        {
            var at = path;
            while (at is [(byte)'/', (byte)'/', ..]) at = at[1..];
            if (at.StartsWith("/proc/self/root"u8) && at[15] is (byte)'/') path = at[15..];
            else if (at.StartsWith("/proc/thread-self/root"u8) && at[22] is (byte)'/') path = at[22..];
            else return at;
        }
    }

    /// <summary>
    /// Where the link leads that <paramref name="path"/>, ended by NUL, begins with: the caller's or another process's working
    /// directory, root or open file. False where it begins with none, or the process has ended.
    /// </summary>
    /// <param name="path">The path from the root.</param>
    /// <param name="pid">The caller.</param>
    /// <param name="link">Receives the link's own path, ended by NUL; room for 64 bytes.</param>
    /// <param name="place">Receives where.</param>
    /// <param name="length">The length of that.</param>
    /// <param name="rest">What follows in the path, at least the NUL.</param>
    public static bool TryLead(ReadOnlySpan<byte> path, int pid, Span<byte> link, Span<byte> place, out int length,
        out ReadOnlySpan<byte> rest)
    {
        length = 0;
        rest = path;
        if (!path.StartsWith("/proc/"u8)) return false;
        var who = path[6..];
        var slash = who.IndexOf((byte)'/');
        if (slash < 0) return false;
        "/proc/"u8.CopyTo(link);
        if (who[..slash].SequenceEqual("self"u8)) Utf8Formatter.TryFormat(pid, link[6..], out length);
        else if (Utf8Parser.TryParse(who[..slash], out int _, out var digits) && digits == slash && slash < 12)
        {
            who[..slash].CopyTo(link[6..]);
            length = slash;
        }
        else return false;

        var end = slash + 1 + LengthOf(who[(slash + 1)..]);
        if (end == slash + 1) return false;
        who[slash..end].CopyTo(link[(6 + length)..]);
        link[6 + length + end - slash] = 0;
        rest = who[end..];
        length = FolderCalls.ReadLink(link, place[..PathMax]);
        return length is > 0 and < PathMax && place[0] == '/' && rest.Length < PathMax;
    }

    /// <summary>
    /// What lies below this process's folder of /proc and was not asked for by its number lies below the caller's: the link
    /// <c>/proc/self</c> led there. Returns the new length; -1 where it cannot be said.
    /// </summary>
    public static int Reassign(Span<byte> found, int length, int pid, ReadOnlySpan<byte> asked)
    {
        var at = found[..length].IndexOf(Own);
        if (at < 0 || asked.IndexOf(Own.AsSpan(1)) >= 0) return length;
        var end = at + Own.Length;
        if (end < length && found[end] != '/') return length;

        // Whose thread is not known.
        if (found[end..length].StartsWith("/task/"u8)) return -1;
        Span<byte> digits = stackalloc byte[12];
        Utf8Formatter.TryFormat(pid, digits, out var size);
        var now = length - end + at + 1 + size;
        if (now >= found.Length) return -1;
        found[end..length].CopyTo(found[(at + 1 + size)..]);
        digits[..size].CopyTo(found[(at + 1)..]);
        return now;
    }

    /// <summary>The length of the name of a link at the beginning of what follows the process; 0 for none.</summary>
    private static int LengthOf(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("cwd"u8) && name[3] is (byte)'/' or 0) return 3;
        if (name.StartsWith("root"u8) && name[4] is (byte)'/' or 0) return 4;
        if (!name.StartsWith("fd/"u8) || !Utf8Parser.TryParse(name[3..], out uint _, out var digits)) return 0;
        return name[3 + digits] is (byte)'/' or 0 && digits <= 10 ? 3 + digits : 0;
    }
}
