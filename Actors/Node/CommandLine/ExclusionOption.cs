using System.CommandLine;

namespace Picket.Node.CommandLine;

/// <summary>The option <c>--exclusions</c>, which commands about rules share.</summary>
internal static class ExclusionOption
{
    public static Option<string[]> Create() => new("--exclusions")
    {
        Description = "A file of exclusions, which are compiled into the rules that they name. May be repeated.",
        HelpName = "FILE",
    };

    /// <summary>What was given.</summary>
    /// <exception cref="UsageException">One is no file.</exception>
    public static IReadOnlyList<string> Of(string[]? given)
    {
        foreach (var name in given ?? [])
        {
            if (!File.Exists(name)) throw new UsageException($"--exclusions {name}: no such file");
        }

        return given ?? [];
    }
}
