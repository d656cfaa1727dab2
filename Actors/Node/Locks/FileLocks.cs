using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Picket.Node.Locks;

/// <summary>Who holds the locks that a node takes, without taking them.</summary>
internal static partial class FileLocks
{
    private const int ReadOnly = 0x80000 | 0x800; // O_RDONLY | O_CLOEXEC | O_NONBLOCK, the same on x86-64 and arm64
    private const int Shared = 1 | 4, Unlock = 8; // LOCK_SH | LOCK_NB, LOCK_UN
    private const int WouldBlock = 11;

    /// <summary>Looks at all of them; the one that decides.</summary>
    public static LockSight Look(IEnumerable<string> paths)
    {
        var best = default(LockSight);
        foreach (var path in paths)
        {
            if (LookAt(path) is var sight && sight.Holding > best.Holding) best = sight;
        }

        return best;
    }

    /// <summary>
    /// The kernel's table names the holder. Where it shows nothing, the lock itself is asked: a holder in another pid namespace is not in
    /// it. A shared lock is asked for, so that two who look at a time see each other not.
    /// </summary>
    private static LockSight LookAt(string path)
    {
        using var file = open(path, ReadOnly);

        // Not there, or another's: the start itself says what is wrong with it.
        if (file.IsInvalid) return default;
        if (HolderOf(file) is { } pid) return new LockSight(EndingProcess.Look(pid), path, pid);
        if (flock(file, Shared) == 0)
        {
            _ = flock(file, Unlock);
            return default;
        }

        return Marshal.GetLastPInvokeError() == WouldBlock ? new LockSight(LockHolding.Unknown, path, 0) : default;
    }

    /// <summary>
    /// The first process in /proc/locks that has a lock on this file. The table names a file by its file system's own device, which
    /// stat does not always tell: proc(5) has it for the mount, and the inode for the descriptor (since 5.14).
    /// </summary>
    private static int? HolderOf(SafeFileHandle file)
    {
        var (mount, inode) = ("", "");
        foreach (var line in Lines($"/proc/self/fdinfo/{file.DangerousGetHandle()}"))
        {
            if (line.StartsWith("mnt_id:", StringComparison.Ordinal)) mount = line[7..].Trim();
            if (line.StartsWith("ino:", StringComparison.Ordinal)) inode = line[4..].Trim();
        }

        var mounted = Lines("/proc/self/mountinfo").Select(line => line.Split(' ', 4)).FirstOrDefault(words => words[0] == mount);
        if (mounted?[2].Split(':') is not [var major, var minor] || inode.Length == 0) return null;
        var name = $"{Hex(major)}:{Hex(minor)}:{inode}";

        // 1: FLOCK  ADVISORY  WRITE 4711 00:27:1 0 EOF
        foreach (var line in Lines("/proc/locks"))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 6 && words[1] == "FLOCK" && words[5] == name) return int.Parse(words[4], CultureInfo.InvariantCulture);
        }

        return null;
    }

    private static string Hex(string number) =>
        int.Parse(number, CultureInfo.InvariantCulture).ToString("x2", CultureInfo.InvariantCulture);

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);
}
