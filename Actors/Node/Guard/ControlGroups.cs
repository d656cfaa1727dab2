using System.Globalization;

namespace Picket.Node.Guard;

/// <summary>
/// The control groups that can freeze a process: version 2's one tree, and version 1's freezer. A guard in the node's own group would be
/// frozen, and ended, with it.
/// </summary>
/// <param name="proc">Where proc(5) is mounted.</param>
internal sealed class ControlGroups(string proc = "/proc")
{
    private const string Freezer = "freezer";

    /// <summary>Moves the calling process into the root of each tree, which nobody can freeze; where it may not, it stays.</summary>
    public void Leave()
    {
        foreach (var (mount, group, _) in Of("self"))
        {
            if (group != "/") TryWrite($"{mount}/cgroup.procs", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The frozen group in which the process is; null when it is in none.</summary>
    public string? FrozenGroupOf(int pid)
    {
        foreach (var (mount, group, isFirst) in Of(pid.ToString(CultureInfo.InvariantCulture)))
        {
            // Both tell the effective state: a group below a frozen one is frozen.
            var frozen = isFirst
                ? Lines($"{mount}{group}/freezer.state").Any(line => line.StartsWith("FR", StringComparison.Ordinal))
                : Lines($"{mount}{group}/cgroup.events").Contains("frozen 1");
            if (frozen) return group;
        }

        return null;
    }

    /// <summary>The trees in which a process is, where each is mounted, and whether it is of version 1.</summary>
    private IEnumerable<(string Mount, string Group, bool IsFirst)> Of(string process)
    {
        foreach (var line in Lines($"{proc}/{process}/cgroup"))
        {
            if (line.Split(':', 3) is not [_, var controllers, var group]) continue;
            var isFirst = controllers.Split(',').Contains(Freezer);
            if (controllers.Length > 0 && !isFirst) continue;
            if (MountOf(isFirst) is { } mount) yield return (mount, group, isFirst);
        }
    }

    /// <summary>mountinfo of proc(5): number, parent, device, root, place, options, any more, a dash, type, source, options.</summary>
    private string? MountOf(bool isFirst)
    {
        foreach (var line in Lines($"{proc}/self/mountinfo"))
        {
            var words = line.Split(' ');
            var dash = Array.IndexOf(words, "-");
            if (dash < 6 || words.Length < dash + 4 || words[3] != "/") continue;
            if (isFirst ? words[dash + 1] == "cgroup" && words[dash + 3].Split(',').Contains(Freezer) : words[dash + 1] == "cgroup2")
                return words[4];
        }

        return null;
    }

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

    private static void TryWrite(string file, string text)
    {
        try
        {
            File.WriteAllText(file, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Read-only, as in most containers, or another's to give: it stays where it is.
        }
    }
}
