using System.Security.Cryptography;
using System.Text;
using Picket.Detection.Alerts;
using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma;

/// <summary>One sound correlation rule with the rules that it refers to. Immutable once its set is read.</summary>
public sealed class CorrelationRule
{
    private AlertRule? _alert;
    private string? _identity;

    internal CorrelationRule(CorrelationSyntax syntax, string file, string contentHash)
    {
        Syntax = syntax;
        File = file;
        ContentHash = contentHash;
    }

    /// <summary>What alerts say of the rule; its level is that of the highest of its rules where it does not say.</summary>
    public AlertRule Alert => _alert ??= new AlertRule(
        "sigma",
        Id,
        Title,
        ContentHash,
        Syntax.Header.Level ?? HighestLevel(),
        Syntax.Header.Description,
        Syntax.Header.Author,
        Syntax.Header.License,
        Syntax.Header.References,
        Syntax.Header.Tags,
        File);

    /// <summary>The rule's id, else its name, else <c>sha256:</c> and its content's hash.</summary>
    public string Id => Syntax.Header.Id ?? Name ?? $"sha256:{ContentHash}";

    /// <summary>The title.</summary>
    public string Title => Syntax.Header.Title;

    /// <summary>The name by which other correlation rules refer to it; null where it has none.</summary>
    public string? Name => Syntax.Header.Name;

    /// <summary>informational, low, medium, high or critical.</summary>
    public string Level => Alert.Level;

    /// <summary>stable, test, experimental, deprecated or unsupported; null where it does not say.</summary>
    public string? Status => Syntax.Header.Status;

    /// <summary>Known causes of false alarms.</summary>
    public IReadOnlyList<string> FalsePositives => Syntax.Header.FalsePositives;

    /// <summary>What it asks of its window.</summary>
    public CorrelationType Type => Syntax.Type;

    /// <summary>The type in Sigma's words.</summary>
    public string TypeName => Type switch
    {
        CorrelationType.EventCount => "event_count",
        CorrelationType.ValueCount => "value_count",
        CorrelationType.Temporal => "temporal",
        CorrelationType.TemporalOrdered => "temporal_ordered",
        CorrelationType.ValueSum => "value_sum",
        CorrelationType.ValueAvg => "value_avg",
        _ => "value_percentile",
    };

    /// <summary>How long its window is.</summary>
    public TimeSpan Timespan => Syntax.Timespan;

    /// <summary>The fields or aliases whose values make a group.</summary>
    public IReadOnlyList<string> GroupBy => Syntax.GroupBy;

    /// <summary>Whether it alerts; one that others refer to does only if one of them asks for it (<c>generate</c>).</summary>
    public bool Alerts { get; internal set; } = true;

    /// <summary>The rule's file.</summary>
    public string File { get; }

    /// <summary>The line (from 1) at which it starts in <see cref="File"/>.</summary>
    public int Line => Syntax.Header.At.Line;

    /// <summary>The same for rules with the same text whose rules are the same, down to those about single events: a hash.</summary>
    public string Identity => _identity ??= Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', [ContentHash, .. Sources.Select(source => source.Identity)]))));

    internal string ContentHash { get; }

    internal CorrelationSyntax Syntax { get; }

    /// <summary>The same rule in no set, in which nothing refers to it, so that it alerts.</summary>
    internal CorrelationRule ByItself() => new(Syntax, File, ContentHash) { Sources = Sources, Fields = Fields };

    /// <summary>What it refers to, in the order of its <c>rules</c>.</summary>
    internal IReadOnlyList<CorrelationSource> Sources { get; set; } = [];

    /// <summary>The field that a name of this rule means in the events of one of its sources.</summary>
    /// <param name="name">A field or alias.</param>
    /// <param name="source">The source's place in <see cref="Sources"/>.</param>
    internal string FieldOf(string name, int source) => Fields[source].GetValueOrDefault(name, name);

    /// <summary>For each source, the aliases and what they mean there.</summary>
    internal IReadOnlyList<IReadOnlyDictionary<string, string>> Fields { get; set; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Title} ({Id})";

    private string HighestLevel() => AlertLevels.Word(Sources.Select(source => AlertLevels.Parse(source.Level)).Max());
}
