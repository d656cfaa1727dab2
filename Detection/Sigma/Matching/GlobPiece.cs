namespace Picket.Detection.Sigma.Matching;

/// <summary>
/// Literals with exactly one character between each and the next. A literal may be empty: <c>?</c> alone is two empty ones.
/// </summary>
internal sealed class GlobPiece(byte[][] parts)
{
    public byte[][] Parts { get; } = parts;

    public void WriteKey(QuestionKey key)
    {
        key.Add(Parts.Length);
        foreach (var part in Parts) key.Add(part);
    }

    /// <summary>The end of a match that starts at <paramref name="at"/>; -1 for none.</summary>
    public int MatchAt(ReadOnlySpan<byte> text, int at) // hot
    {
        for (var i = 0; i < Parts.Length; i++)
        {
            if (i > 0)
            {
                // A character can be skipped only from its beginning.
                if (at >= text.Length || !CaseFold.IsBoundary(text, at)) return -1;
                at += CaseFold.CharLength(text[at..]);
            }

            if (!text[at..].StartsWith(Parts[i])) return -1;
            at += Parts[i].Length;
        }

        return at;
    }

    /// <summary>The end of the leftmost match that starts at <paramref name="from"/> or later; -1 for none.</summary>
    public int Search(ReadOnlySpan<byte> text, int from) // hot
    {
        for (var at = from; at <= text.Length; at++)
        {
            var skip = text[at..].IndexOf(Parts[0]);
            if (skip < 0) return -1;
            at += skip;
            var end = MatchAt(text, at);
            if (end >= 0) return end;
        }

        return -1;
    }

    /// <summary>Whether a match starts at <paramref name="from"/> or later and ends with the text.</summary>
    public bool MatchEnd(ReadOnlySpan<byte> text, int from) // hot
    {
        if (Parts.Length == 1) return text.Length - from >= Parts[0].Length && text.EndsWith(Parts[0]);
        for (var at = from; at <= text.Length; at++)
        {
            if (MatchAt(text, at) == text.Length) return true;
        }

        return false;
    }
}
