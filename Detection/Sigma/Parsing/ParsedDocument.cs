using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>A sound document and the text it was read from (lines ended by LF), which identifies its content: a closed set.</summary>
internal abstract record ParsedDocument(string Text)
{
    /// <summary>A rule about single events.</summary>
    internal sealed record Rule(RuleSyntax Syntax, string Text) : ParsedDocument(Text);

    /// <summary>A correlation rule.</summary>
    internal sealed record Correlation(CorrelationSyntax Syntax, string Text) : ParsedDocument(Text);

    /// <summary>A filter.</summary>
    internal sealed record Filter(FilterSyntax Syntax, string Text) : ParsedDocument(Text);
}
