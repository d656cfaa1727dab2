using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma;

/// <summary>Finds the rules that correlation rules refer to: by id, or by a name of the same file before one of another.</summary>
internal sealed class RuleLinker
{
    /// <summary>Ways from rules about single events to one correlation; each costs some of every match.</summary>
    private const long MostWays = 4096;

    private readonly Dictionary<string, SigmaRule> _byId = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, CorrelationRule> _correlationsById = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<CorrelationSource>> _byName = new(StringComparer.Ordinal);
    private readonly List<(CorrelationRule Rule, IssueList Issues)> _correlations = [];

    /// <summary>Adds a rule; a second one with an id is warned of and found by its name only.</summary>
    public void Add(SigmaRule rule, IssueList issues)
    {
        AddName(rule.Name, new CorrelationSource(rule, null));
        if (rule.Syntax.Header.Id is not { } id || _byId.TryAdd(id, rule)) return;
        var first = _byId[id];
        Warn(issues, rule.Syntax.Header, $"the id {id} is also that of '{first.Title}' ({first.File}:{first.Line})");
    }

    /// <summary>Adds a correlation rule, likewise.</summary>
    public void Add(CorrelationRule rule, IssueList issues)
    {
        _correlations.Add((rule, issues));
        AddName(rule.Name, new CorrelationSource(null, rule));
        if (rule.Syntax.Header.Id is not { } id || _correlationsById.TryAdd(id, rule)) return;
        var first = _correlationsById[id];
        Warn(issues, rule.Syntax.Header, $"the id {id} is also that of '{first.Title}' ({first.File}:{first.Line})");
    }

    /// <summary>The correlation rules whose references all lead somewhere; why others do not is said at their places.</summary>
    public IReadOnlyList<CorrelationRule> Link()
    {
        var sound = new List<(CorrelationRule Rule, IssueList Issues)>();
        foreach (var (rule, issues) in _correlations)
        {
            try
            {
                rule.Sources = FindAll(rule);
                rule.Fields = Aliases(rule, issues);
                WarnOfSeveralNames(rule, issues);
                sound.Add((rule, issues));
            }
            catch (RuleException failure)
            {
                issues.Error(failure.At, failure.Code, failure.Message);
            }
        }

        RemoveUnsound(sound);
        foreach (var (rule, _) in sound)
        {
            foreach (var source in rule.Sources)
            {
                source.Rule?.Correlate(rule.Syntax.Generate || source.Rule is { IsCorrelated: true, Alerts: true });
                if (source.Correlation is { } inner)
                    inner.Alerts = sound.Any(other => other.Rule.Syntax.Generate && other.Rule.Sources.Contains(source));
            }
        }

        return sound.ConvertAll(pair => pair.Rule);
    }

    private static void Warn(IssueList issues, RuleHeader header, string message) =>
        issues.Warn(header.At, SigmaCodes.DuplicateId, message);

    private void AddName(string? name, CorrelationSource source)
    {
        if (name is null) return;
        if (!_byName.TryGetValue(name, out var named)) _byName[name] = named = [];
        named.Add(source);
    }

    private List<CorrelationSource> FindAll(CorrelationRule rule)
    {
        var sources = new List<CorrelationSource>();
        foreach (var reference in rule.Syntax.Rules)
        {
            var source = Find(reference, rule);
            if (sources.Contains(source))
                throw new RuleException(reference.At, SigmaCodes.Value, $"'{reference.Text}' is a rule that was named before");
            sources.Add(source);
        }

        return sources;
    }

    private CorrelationSource Find(RuleReference reference, CorrelationRule from)
    {
        if (_byId.TryGetValue(reference.Text, out var rule)) return new CorrelationSource(rule, null);
        if (_correlationsById.TryGetValue(reference.Text, out var correlation)) return new CorrelationSource(null, correlation);
        if (!_byName.TryGetValue(reference.Text, out var named))
        {
            throw new RuleException(reference.At, SigmaCodes.UnknownRule,
                $"no rule has the id or name '{reference.Text}'; a rule with an error is none");
        }

        if (named.Count == 1) return named[0];
        var near = named.FindAll(source => (source.Rule?.File ?? source.Correlation!.File) == from.File);
        return near.Count == 1 ? near[0] : throw new RuleException(reference.At, SigmaCodes.AmbiguousRule,
            $"{named.Count} rules have the name '{reference.Text}': refer to one by its id");
    }

    private List<IReadOnlyDictionary<string, string>> Aliases(CorrelationRule rule, IssueList issues)
    {
        var fields = rule.Sources.Select(_ => new Dictionary<string, string>(StringComparer.Ordinal)).ToList();
        foreach (var alias in rule.Syntax.Aliases)
        {
            foreach (var (reference, field) in alias.Fields)
            {
                var source = rule.Sources.ToList().IndexOf(Find(reference, rule));
                if (source < 0)
                {
                    throw new RuleException(reference.At, SigmaCodes.UnknownRule,
                        $"the alias '{alias.Name}' names '{reference.Text}', which is not among the rules of this correlation");
                }

                fields[source][alias.Name] = field;
            }

            var missing = fields.FindIndex(known => !known.ContainsKey(alias.Name));
            if (missing >= 0)
            {
                issues.Warn(alias.At, SigmaCodes.MissingKey,
                    $"the alias '{alias.Name}' names no field for '{rule.Sources[missing].Title}': its field '{alias.Name}' is taken");
            }
        }

        return [.. fields];
    }

    /// <summary>Where a pipeline gives a field several names, events are grouped, and values are taken, by the first.</summary>
    private static void WarnOfSeveralNames(CorrelationRule rule, IssueList issues)
    {
        var said = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rule.Sources.Count; i++)
        {
            if (rule.Sources[i].Rule is not { } source) continue;
            foreach (var field in rule.GroupBy.Concat(rule.Syntax.Fields).Select(name => rule.FieldOf(name, i)))
            {
                var names = source.Copies.Prepend(source).Select(form => form.Names.Of(field)).FirstOrDefault(names => names.Count > 1);
                if (names is null || !said.Add(field)) continue;
                issues.Warn(rule.Syntax.At, SigmaCodes.Pipeline,
                    $"a pipeline calls the field '{field}' by several names; here the first counts: {string.Join(", ", names)}");
            }
        }
    }

    /// <summary>One that refers to itself, over whatever way, waits for ever; one that refers to an unsound one does so, too.</summary>
    private static void RemoveUnsound(List<(CorrelationRule Rule, IssueList Issues)> sound)
    {
        for (var found = true; found;)
        {
            found = false;
            for (var i = sound.Count - 1; i >= 0; i--)
            {
                var (rule, issues) = sound[i];
                var at = -1;
                for (var k = 0; k < rule.Sources.Count && at < 0; k++)
                {
                    if (rule.Sources[k].Correlation is { } inner && !sound.Exists(other => other.Rule == inner)) at = k;
                }

                if (at < 0) continue;
                found = true;
                sound.RemoveAt(i);
                var reference = rule.Syntax.Rules[at];
                issues.Error(reference.At, SigmaCodes.UnknownRule, $"the correlation rule '{reference.Text}' has an error itself");
            }

            foreach (var (rule, issues) in sound.Where(pair => Reaches(pair.Rule, pair.Rule, [])).ToArray())
            {
                found = true;
                sound.Remove((rule, issues));
                issues.Error(rule.Syntax.At, SigmaCodes.CorrelationCycle,
                    "the rule refers to itself, directly or over other correlation rules");
            }

            if (found) continue;
            foreach (var (rule, issues) in sound.Where(pair => Ways(pair.Rule) > MostWays).ToArray())
            {
                found = true;
                sound.Remove((rule, issues));
                issues.Error(rule.Syntax.At, SigmaCodes.Limit, $"more than {MostWays} ways lead to the rule");
            }
        }
    }

    /// <summary>Every way by which a rule about single events leads to this one; the rules are free of circles.</summary>
    private static long Ways(CorrelationRule rule)
    {
        var ways = 0L;
        foreach (var source in rule.Sources)
        {
            ways += source.Correlation is { } inner ? Ways(inner) : 1;
            if (ways > MostWays) break;
        }

        return ways;
    }

    private static bool Reaches(CorrelationRule from, CorrelationRule to, HashSet<CorrelationRule> seen)
    {
        foreach (var source in from.Sources)
        {
            if (source.Correlation is not { } inner || !seen.Add(inner)) continue;
            if (inner == to || Reaches(inner, to, seen)) return true;
        }

        return false;
    }
}
