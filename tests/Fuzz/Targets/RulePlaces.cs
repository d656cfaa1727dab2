using Picket.Detection.Sigma;

namespace Picket.Fuzz.Targets;

/// <summary>What must hold of all that is said about a text of rules: it has a code, words, and a place in the text.</summary>
internal static class RulePlaces
{
    /// <summary>Null where it holds.</summary>
    public static string? Check(string text, SigmaRuleSet set)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        foreach (var (line, column, code, message) in set.Errors.Select(error => (error.Line, error.Column, error.Code, error.Message))
            .Concat(set.Warnings.Select(warning => (warning.Line, warning.Column, warning.Code, warning.Message))))
        {
            if (code.Length == 0 || message.Length == 0) return $"said: '{code}': '{message}'";
            if (line < 1 || line > lines.Length || column < 1 || column > lines[line - 1].Length + 1)
                return $"place: {line},{column} of {lines.Length} lines{(line >= 1 && line <= lines.Length ? $", this one of {lines[line - 1].Length}" : "")}: {code}: {message}";
        }

        return null;
    }
}
