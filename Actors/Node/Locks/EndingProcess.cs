using System.Globalization;

namespace Picket.Node.Locks;

/// <summary>
/// Tells a process that ends from one that lives, by its threads: who was killed has the signal pending in each of them until it takes it,
/// then a flag that it dies by it, then one that it is being taken apart; files go with the last thread, and after its memory.
/// </summary>
internal static class EndingProcess
{
    private const ulong Kill = 1 << (9 - 1);
    private const uint Exiting = 0x4, Signaled = 0x400; // PF_EXITING, PF_SIGNALED

    /// <summary>How a thread is.</summary>
    internal enum Fate
    {
        /// <summary>It is no more.</summary>
        Gone,

        /// <summary>It is taken apart.</summary>
        Exiting,

        /// <summary>Its process was killed.</summary>
        Killed,

        /// <summary>It lives.</summary>
        Living,
    }

    /// <summary>How a process holds what it holds.</summary>
    /// <param name="pid">The process, as /proc has it; 0 and less for none.</param>
    public static LockHolding Look(int pid)
    {
        if (pid <= 0) return LockHolding.Unknown;

        // In the order in which the marks come, so that none is missed between two looks.
        return Of(Tasks(pid).Select(task => FateOf(Text(task + "/status"), Text(task + "/stat"))));
    }

    /// <summary>How a process of such threads holds what it holds.</summary>
    internal static LockHolding Of(IEnumerable<Fate> threads)
    {
        var (living, exiting) = (false, false);
        foreach (var fate in threads)
        {
            switch (fate)
            {
                case Fate.Killed:
                    // The whole process is: another of its threads may just be between two of those marks.
                    return LockHolding.Ending;
                case Fate.Exiting:
                    exiting = true;
                    break;
                case Fate.Living:
                    living = true;
                    break;
            }
        }

        // All of its threads are gone, and their files with them: somebody else has the lock by now, or nobody.
        return living ? LockHolding.Living : exiting ? LockHolding.Ending : LockHolding.Unknown;
    }

    /// <summary>How a thread is by the texts that /proc has of it, empty where it has none.</summary>
    internal static Fate FateOf(string status, string stat)
    {
        foreach (var line in status.Split('\n'))
        {
            if ((line.StartsWith("SigPnd:", StringComparison.Ordinal) || line.StartsWith("ShdPnd:", StringComparison.Ordinal))
                && (ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Kill) != 0)
                return Fate.Killed;
        }

        // proc(5): behind the name, which may have anything in it, are the state and, six fields on, the flags.
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 7 || fields[0] is "Z" or "X") return Fate.Gone;
        var flags = uint.Parse(fields[6], CultureInfo.InvariantCulture);
        return (flags & Signaled) != 0 ? Fate.Killed : (flags & Exiting) != 0 ? Fate.Exiting : Fate.Living;
    }

    private static string[] Tasks(int pid)
    {
        try
        {
            return Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // ESRCH, ENOENT: it has ended.
            return "";
        }
    }
}
