using System.Text;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Detection.Sigma;

/// <summary>One file of rules, exclusions or a pipeline as it was found: its text, or why it could not be had.</summary>
/// <param name="File">The file as it was named or found.</param>
/// <param name="Stamp">What the file system said of it before it was read.</param>
/// <param name="Bytes">Its text in UTF-8, which is kept as long as the rules are in force; null when it could not be read.</param>
/// <param name="Errors">Why not.</param>
internal sealed record RuleSource(string File, RuleStamp Stamp, byte[]? Bytes, IReadOnlyList<SigmaError> Errors)
{
    /// <summary>Whether it is part of the program and no file.</summary>
    public bool IsBundled { get; init; }

    /// <summary>Its text; null when it could not be read.</summary>
    public string? Text => Bytes is null ? null : Encoding.UTF8.GetString(Bytes);

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="refusal">Says why a file must not be used; null asks nobody.</param>
    public static RuleSource Read(string file, Func<string, string?>? refusal)
    {
        var stamp = RuleStamp.Of(file);
        var issues = new IssueList(file);
        return new RuleSource(file, stamp, RuleFiles.Read(file, issues, refusal), issues.Errors);
    }

    /// <summary>Whether another one has the same text, or has none for the same reasons.</summary>
    public bool IsSame(RuleSource other) => File == other.File && (Bytes is null || other.Bytes is null
        ? Bytes is null && other.Bytes is null && Errors.SequenceEqual(other.Errors)
        : Bytes.AsSpan().SequenceEqual(other.Bytes));
}
