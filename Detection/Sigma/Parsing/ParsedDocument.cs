using System.Security.Cryptography;
using System.Text;
using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>A sound document and the text it was read from (lines ended by LF), which identifies its content: a closed set.</summary>
internal abstract record ParsedDocument(string Text)
{
    /// <summary>The hash of <see cref="Text"/>.</summary>
    public string Hash { get; } = HashOf(Text);

    /// <summary>What identifies a text: SHA-256 of its UTF-8, in lower case hexadecimal.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>A rule about single events.</summary>
    internal sealed record Rule(RuleSyntax Syntax, string Text) : ParsedDocument(Text);

    /// <summary>A correlation rule.</summary>
    internal sealed record Correlation(CorrelationSyntax Syntax, string Text) : ParsedDocument(Text);

    /// <summary>A filter.</summary>
    internal sealed record Filter(FilterSyntax Syntax, string Text) : ParsedDocument(Text);
}
