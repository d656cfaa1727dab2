using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Pipelines;

namespace Picket.Detection.Sigma;

/// <summary>What reading the files of a set again gave.</summary>
/// <param name="Rules">The set that is to be in force: a new one, or the one before where nothing changed.</param>
/// <param name="Kept">Files that have errors as they are now and are in force as they were before.</param>
public sealed record RuleReload(SigmaRuleSet Rules, IReadOnlyList<KeptFile> Kept)
{
    /// <summary>Whether <see cref="Rules"/> is another set than before.</summary>
    public required bool IsChanged { get; init; }

    /// <summary>Files that came, were changed and went.</summary>
    public required (int Added, int Changed, int Removed) Files { get; init; }

    /// <summary>The stamps of all files as they are on the disk, by which <see cref="Looks"/> finds the next change.</summary>
    public required IReadOnlyDictionary<string, RuleStamp> Stamps { get; init; }

    /// <summary>
    /// Reads the files again. A changed file with an error stays as it was in <paramref name="before"/>, as does one that cannot be read
    /// any more; a file that has gone is left out; a new one with errors is used as far as it is sound, as it would be by a start.
    /// </summary>
    /// <param name="before">The set in force, which was read from files.</param>
    /// <param name="paths">Files and folders.</param>
    /// <param name="options">How to read.</param>
    /// <exception cref="RuleReloadException">A path is not there, or a folder cannot be looked through.</exception>
    public static RuleReload Read(SigmaRuleSet before, IReadOnlyList<string> paths, SigmaLoadOptions options)
    {
        foreach (var path in paths)
        {
            if (!Directory.Exists(path) && !File.Exists(path)) throw new RuleReloadException($"{path}: no such file or folder");
        }

        // Without a pipeline that they were written for, rules would fall silent.
        foreach (var name in options.Pipelines)
        {
            if (!BundledPipelines.Contains(name) && !File.Exists(name)) throw new RuleReloadException($"{name}: no such pipeline");
        }

        var found = RuleSources.Find(paths, options);
        if (found.Errors.Count > 0) throw new RuleReloadException($"{found.Errors[0].File}: {found.Errors[0].Message}");

        // What was there when the folder was listed may have gone since.
        found = found with { Rules = [.. found.Rules.Where(source => source.Bytes is not null || File.Exists(source.File))] };
        var old = before.Sources;
        var known = (IReadOnlyList<RuleSource>)[.. old.All];
        var (use, kept) = (found, new Dictionary<string, KeptFile>(StringComparer.Ordinal));
        while (true)
        {
            var isSame = use.IsSame(old);
            var set = isSame ? before : use.Build(options);
            var bad = isSame ? [] : set.Errors.GroupBy(error => error.File, StringComparer.Ordinal)
                .Where(errors => MayKeep(errors.Key)).ToList();
            if (bad.Count == 0)
            {
                return new RuleReload(set, [.. kept.Values])
                {
                    IsChanged = !isSame, Files = Differences(known, [.. use.All]), Stamps = StampsOf(found),
                };
            }

            foreach (var errors in bad) kept.TryAdd(errors.Key, new KeptFile(errors.Key, [.. errors]));
            use = use with
            {
                Rules = Keep(use.Rules, old.Rules), Exclusions = Keep(use.Exclusions, old.Exclusions),
                Pipelines = Keep(use.Pipelines, old.Pipelines),
            };
        }

        bool MayKeep(string file) => !kept.ContainsKey(file) && File.Exists(file)
            && known.FirstOrDefault(source => source.File == file) is { Bytes: not null } version
            && !version.IsSame(use.All.First(source => source.File == file)) && WasSound(before, file);

        List<RuleSource> Keep(IReadOnlyList<RuleSource> sources, IReadOnlyList<RuleSource> versions) => [.. sources.Select(source =>
            kept.ContainsKey(source.File)
                ? versions.FirstOrDefault(version => version.File == source.File) ?? source
                : source)];
    }

    /// <summary>The stamps that the files of a set had when it was read.</summary>
    public static IReadOnlyDictionary<string, RuleStamp> StampsOf(SigmaRuleSet set) => StampsOf(set.Sources);

    /// <summary>
    /// Whether a look at the files, without reading them, finds one changed, new or gone. Where a folder cannot be looked through it finds
    /// nothing.
    /// </summary>
    /// <param name="stamps">What was seen before.</param>
    /// <param name="paths">Files and folders of rules.</param>
    /// <param name="others">Files of exclusions and of pipelines.</param>
    public static bool Looks(IReadOnlyDictionary<string, RuleStamp> stamps, IReadOnlyList<string> paths, IEnumerable<string> others)
    {
        var errors = new List<SigmaError>();
        var files = Parsing.RuleFiles.Find(paths, errors).Concat(others).ToHashSet(StringComparer.Ordinal);
        if (errors.Count > 0) return false;
        return files.Count != stamps.Count
            || files.Any(file => !stamps.TryGetValue(file, out var stamp) || stamp != RuleStamp.Of(file));
    }

    /// <summary>A file of which nothing could be used has no version that would be worth more than the new one.</summary>
    private static bool WasSound(SigmaRuleSet before, string file) => before.Errors.All(error => error.File != file)
        || before.Rules.Any(rule => rule.File == file) || before.Correlations.Any(rule => rule.File == file);

    private static Dictionary<string, RuleStamp> StampsOf(RuleSources sources)
    {
        var stamps = new Dictionary<string, RuleStamp>(StringComparer.Ordinal);
        foreach (var source in sources.All.Where(source => !source.IsBundled)) stamps[source.File] = source.Stamp;
        return stamps;
    }

    private static (int Added, int Changed, int Removed) Differences(IReadOnlyList<RuleSource> before, IReadOnlyList<RuleSource> after)
    {
        var known = new Dictionary<string, RuleSource>(StringComparer.Ordinal);
        foreach (var source in before) known[source.File] = source;
        var (added, changed) = (0, 0);
        foreach (var source in after)
        {
            if (!known.Remove(source.File, out var version)) added++;
            else if (!version.IsSame(source)) changed++;
        }

        return (added, changed, known.Count);
    }
}
