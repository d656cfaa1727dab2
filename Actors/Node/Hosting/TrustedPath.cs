using System.Runtime.Versioning;

namespace Picket.Node.Hosting;

/// <summary>
/// What root reads to decide what it does must be changeable by root alone: the file, every folder above it, and every link on the
/// way. A path that passes cannot be exchanged between this check and the reading by anybody but root.
/// </summary>
internal static class TrustedPath
{
    private const int MostLinks = 40; // as the kernel follows, path_resolution(7)
    private const uint Root = 0;

    /// <summary>
    /// Why others than root could change the program itself; null when they cannot, or when it does not run as root. Who may
    /// exchange the program gains nothing by its rules: a checkout in a home folder is then used as it is, and that is said.
    /// </summary>
    public static string? OpenProgram { get; } =
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Environment.ProcessPath is { } program ? WhyNot(program) : null;

    /// <summary>
    /// The check of this process: says why a file is refused, null when it is not. Null itself where nothing is to be checked:
    /// who does not run as root has nothing to lend to others.
    /// </summary>
    public static Func<string, string?>? Check { get; } =
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && OpenProgram is null ? WhyNot : null;

    /// <summary>
    /// Why others than root could change what <paramref name="path"/> leads to; null when they cannot, or when there is nothing.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="read">The facts of one path, no link followed; null where there is nothing.</param>
    public static string? WhyNot(string path, Func<string, PathFacts?> read)
    {
        var at = "/";
        if (read(at) is { } root && Objection(at, root) is { } open) return open;
        var ahead = new Stack<string>();
        Push(ahead, Path.GetFullPath(path));
        for (var links = 0; ahead.TryPop(out var name);)
        {
            if (name == ".") continue;
            if (name == "..")
            {
                at = Path.GetDirectoryName(at) ?? "/";
                continue;
            }

            var next = Path.Join(at, name);
            if (read(next) is not { } facts) return null;
            if (Objection(next, facts) is { } objection) return objection;
            if (facts.Target is not { } target)
            {
                at = next;
                continue;
            }

            if (++links > MostLinks) return $"refused, as it leads through more than {MostLinks} links";
            if (Path.IsPathRooted(target)) at = "/";
            Push(ahead, target);
        }

        return null;
    }

    [SupportedOSPlatform("linux")]
    private static string? WhyNot(string path) => WhyNot(path, PathFactsReader.Read);

    private static string? Objection(string path, PathFacts facts)
    {
        if (facts.Owner != Root)
            return $"refused, as others than root could change it: {path} belongs to the user with id {facts.Owner} (chown root)";

        // The mode of a link says nothing; who may replace it is said by its folder.
        if (facts.Target is null && facts.IsOpenToOthers)
            return $"refused, as others than root could change it: {path} is writable by others (mode {facts.Permissions}; chmod go-w)";
        return null;
    }

    private static void Push(Stack<string> ahead, string path)
    {
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse()) ahead.Push(name);
    }
}
