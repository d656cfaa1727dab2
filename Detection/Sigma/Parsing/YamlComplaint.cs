using YamlDotNet.Core;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>
/// What the library says of a text that is no YAML, for people who write rules: where the mistake is likely to be, and how it is mended.
/// </summary>
internal static class YamlComplaint
{
    private static readonly (string Said, string Meant)[] Table =
    [
        ("found invalid mapping", "': ' in a text, or a line that is indented too far: quote the text, or correct the indentation"),
        ("did not find expected key", "no key is expected here: the line is indented like none above it, or a text before it lacks quotes"),
        ("did not find expected '-' indicator", "an entry '- ' is expected here: the line is indented as the list above it"),
        ("found unknown escape character", "a backslash in double quotes begins an escape, and this one is none: use single quotes"),
        ("While scanning a multi-line", "the quotes that begin here do not end"),
        ("found unexpected end of stream", "the quotes that begin here do not end"),
        ("found unexpected document indicator", "the quotes that begin here do not end"),
        ("character that cannot start any token", "a text cannot begin with this character: quote it"),
    ];

    /// <summary>Its place in the text, and the message.</summary>
    public static (int Index, string Message) Of(string text, YamlException failure)
    {
        var index = (int)Math.Min(failure.Start.Index, text.Length);
        var isTab = failure.Message.Contains("tab", StringComparison.Ordinal);

        // At a tab the library often names the beginning of what holds it.
        var tab = TabFrom(text, isTab ? 0 : index);
        if (tab >= 0 && (isTab || text.AsSpan(index, Math.Max(tab - index, 0)).IndexOf('\n') < 0))
            return (tab, "a tab indents this line: YAML wants spaces");
        foreach (var (said, meant) in Table)
        {
            if (failure.Message.Contains(said, StringComparison.Ordinal)) return (index, meant);
        }

        return (index, failure.Message);
    }

    /// <summary>The first tab in the indentation of a line, from the line of a place on; -1 where there is none.</summary>
    private static int TabFrom(string text, int from)
    {
        var start = from == 0 ? 0 : text.LastIndexOf('\n', from - 1) + 1;
        while (start < text.Length)
        {
            var rest = text.AsSpan(start);
            var spaces = rest.IndexOfAnyExcept(' ');
            if (spaces >= 0 && rest[spaces] == '\t' && !rest[spaces..].TrimStart(" \t").StartsWith("\n")) return start + spaces;
            var end = rest.IndexOf('\n');
            if (end < 0) break;
            start += end + 1;
        }

        return -1;
    }
}
