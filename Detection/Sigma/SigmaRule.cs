using Picket.Detection.Alerts;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Pipelines;

namespace Picket.Detection.Sigma;

/// <summary>One sound Sigma rule: what it says of itself, and its logic. Immutable once its set is read.</summary>
public sealed class SigmaRule
{
    /// <summary>Sigma lets the level be left out; alerts cannot.</summary>
    private const string DefaultLevel = "medium";

    private readonly List<SigmaRule> _copies = [];
    private bool _isCorrelated;
    private bool _alerts = true;

    internal SigmaRule(RuleSyntax syntax, RuleIr ir, string file, string contentHash, FieldNames names)
    {
        Syntax = syntax;
        Ir = ir;
        File = file;
        Names = names;
        Original = this;
        var header = syntax.Header;
        Alert = new AlertRule(
            "sigma",
            header.Id ?? header.Name ?? $"sha256:{contentHash}",
            header.Title,
            contentHash,
            header.Level ?? DefaultLevel,
            header.Description,
            header.Author,
            header.License,
            header.References,
            header.Tags,
            file);
    }

    /// <summary>What alerts say of the rule. Its id is the rule's, else its name, else <c>sha256:</c> and its content's hash.</summary>
    public AlertRule Alert { get; }

    /// <summary>The id as in <see cref="Alert"/>.</summary>
    public string Id => Alert.Id;

    /// <summary>The title.</summary>
    public string Title => Syntax.Header.Title;

    /// <summary>The name by which correlation rules refer to it; null where it has none.</summary>
    public string? Name => Syntax.Header.Name;

    /// <summary>stable, test, experimental, deprecated or unsupported; null where it does not say.</summary>
    public string? Status => Syntax.Header.Status;

    /// <summary>informational, low, medium, high or critical; medium where it does not say.</summary>
    public string Level => Alert.Level;

    /// <summary>The field taxonomy; null is Sigma's own.</summary>
    public string? Taxonomy => Syntax.Header.Taxonomy;

    /// <summary>When it was written, as in the rule.</summary>
    public string? Date => Syntax.Header.Date;

    /// <summary>When it was last changed, as in the rule.</summary>
    public string? Modified => Syntax.Header.Modified;

    /// <summary>Known causes of false alarms.</summary>
    public IReadOnlyList<string> FalsePositives => Syntax.Header.FalsePositives;

    /// <summary>
    /// Whether it is a rule on <c>dns_query</c> that asks what only an answer has. The kernel's query and answer are two events, and a
    /// rule sees one of them.
    /// </summary>
    public bool IsByDnsAnswer => Index.DnsParts.IsByAnswer(Syntax);

    /// <summary>Whether it asks for hashes of executables, which an execution may have to wait for.</summary>
    public bool IsByHashes => Index.HashParts.IsByHashes(Syntax);

    /// <summary>Whether it takes no part, because one of its placeholders has no values: it never matches.</summary>
    public bool IsIdle => ReferenceEquals(Ir.Condition, Compilation.Unfilled.Never);

    /// <summary>Whether a correlation rule of its set refers to it, so that correlations must hear of its matches.</summary>
    public bool IsCorrelated => Original._isCorrelated;

    /// <summary>Whether its matches are alerts; those of a rule that correlations refer to are only if one of them asks for it
    /// (<c>generate</c>).</summary>
    public bool Alerts => Original._alerts;

    /// <summary>
    /// The rule as it is written where this one is a copy, which a pipeline made for events of another source; else itself. All of them
    /// have one id, and are one rule to whoever hears of a match.
    /// </summary>
    public SigmaRule Original { get; private set; }

    /// <summary>Whether it is a copy.</summary>
    public bool IsCopy => !ReferenceEquals(Original, this);

    /// <summary>Fields that an analyst wants to see.</summary>
    public IReadOnlyList<string> Fields => Syntax.Header.Fields;

    /// <summary>The kinds of hosts that it is meant for.</summary>
    public IReadOnlyList<string> Scope => Syntax.Header.Scope;

    /// <summary>Rules that it is related to.</summary>
    public IReadOnlyList<RelatedRule> Related => Syntax.Header.Related;

    /// <summary>What it is to be asked about.</summary>
    public SigmaLogSource LogSource => Syntax.Header.LogSource;

    /// <summary>The rule's file.</summary>
    public string File { get; }

    /// <summary>The line (from 1) at which it starts in <see cref="File"/>.</summary>
    public int Line => Syntax.Header.At.Line;

    internal RuleSyntax Syntax { get; }

    /// <summary>Names the texts of the files whose exclusions are compiled into it; empty for none.</summary>
    internal string Exclusions { get; init; } = "";

    /// <summary>The same for a rule of another set that asks the same, exclusions included.</summary>
    internal (string Content, string Exclusions) Identity => (Alert.ContentHash, Exclusions);

    /// <summary>Said once, when the set's references are known.</summary>
    internal void Correlate(bool alerts)
    {
        _isCorrelated = true;
        _alerts = alerts;
    }

    /// <summary>The copies of it.</summary>
    internal IReadOnlyList<SigmaRule> Copies => _copies;

    /// <summary>What its events call the fields that correlation rules name.</summary>
    internal FieldNames Names { get; }

    /// <summary>Adds a copy, while the set is read.</summary>
    internal void Add(SigmaRule copy)
    {
        copy.Original = this;
        _copies.Add(copy);
    }

    internal RuleIr Ir { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Title} ({Id})";
}
