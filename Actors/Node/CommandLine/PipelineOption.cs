using System.CommandLine;
using Picket.Detection.Sigma.Pipelines;

namespace Picket.Node.CommandLine;

/// <summary>The option <c>--pipeline</c>, which commands about rules share.</summary>
internal static class PipelineOption
{
    public static Option<string[]> Create() => new("--pipeline")
    {
        Description = $"A pipeline that changes rules before they are used: a file, or one of {BundledPipelines.Names}. May be repeated.",
        HelpName = "NAME",
    };

    /// <summary>What was given.</summary>
    /// <exception cref="UsageException">One is neither bundled nor a file.</exception>
    public static IReadOnlyList<string> Of(string[]? given)
    {
        foreach (var name in given ?? [])
        {
            if (!BundledPipelines.Contains(name) && !File.Exists(name))
                throw new UsageException($"--pipeline {name}: no such file, and none of {BundledPipelines.Names}");
        }

        return given ?? [];
    }
}
