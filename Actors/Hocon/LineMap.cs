namespace Picket.Hocon;

/// <summary>Turns an offset in a text into a line and a column.</summary>
internal sealed class LineMap
{
    private readonly List<int> _starts = [0];
    private readonly string? _source;
    private readonly bool _hasMark;

    public LineMap(string text, string? source)
    {
        _source = source;
        _hasMark = text.StartsWith('\ufeff');
        for (var at = text.IndexOf('\n'); at >= 0; at = text.IndexOf('\n', at + 1)) _starts.Add(at + 1);
    }

    /// <summary>The place of the character at <paramref name="offset"/>.</summary>
    public ConfigOrigin At(int offset)
    {
        var line = _starts.BinarySearch(offset);
        if (line < 0) line = ~line - 1;

        // An editor does not count the byte order mark as a column.
        var first = line == 0 && _hasMark && offset > 0 ? 1 : _starts[line];
        return new ConfigOrigin(_source, line + 1, offset - first + 1);
    }
}
