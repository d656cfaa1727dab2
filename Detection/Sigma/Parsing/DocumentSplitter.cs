namespace Picket.Detection.Sigma.Parsing;

/// <summary>
/// Cuts a file at its document markers before any YAML is parsed, so that a syntax error in one document leaves its
/// neighbours alone. A marker at the start of a line ends every YAML construct, even a quoted or block scalar, which is why
/// text alone decides.
/// </summary>
internal static class DocumentSplitter
{
    public static List<RuleDocument> Split(string text)
    {
        var normal = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var documents = new List<RuleDocument>();
        int start = 0, firstLine = 1, line = 1;
        for (var at = 0; at < normal.Length; line++)
        {
            var end = normal.IndexOf('\n', at);
            end = end < 0 ? normal.Length : end + 1;
            if (IsMarker(normal.AsSpan(at, end - at), out var opens))
            {
                Add(documents, normal[start..at], firstLine);
                // Content may follow `---` on its own line; blanks keep the columns right.
                start = at + 3;
                firstLine = line;
                if (!opens && normal.AsSpan(start, end - start).Trim().Length == 0) (start, firstLine) = (end, line + 1);
            }

            at = end;
        }

        Add(documents, normal[start..], firstLine);
        return documents;
    }

    private static void Add(List<RuleDocument> documents, string text, int firstLine)
    {
        if (HasContent(text)) documents.Add(new RuleDocument(firstLine, text));
    }

    private static bool IsMarker(ReadOnlySpan<char> line, out bool opens)
    {
        opens = line.StartsWith("---", StringComparison.Ordinal);
        return (opens || line.StartsWith("...", StringComparison.Ordinal)) && (line.Length == 3 || line[3] is ' ' or '\t' or '\n');
    }

    /// <summary>Comments, blank lines and directives alone are no document.</summary>
    private static bool HasContent(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var trimmed = line.Trim();
            if (trimmed.Length > 0 && trimmed[0] is not ('#' or '%')) return true;
        }

        return false;
    }
}
