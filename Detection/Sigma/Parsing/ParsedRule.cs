using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>A sound rule and the text it was read from (lines ended by LF), which identifies its content.</summary>
internal sealed record ParsedRule(RuleSyntax Syntax, string Text);
