namespace Picket.Hocon;

/// <summary>The place a value or a key was written at.</summary>
/// <param name="Source">The file's full path, or the name the caller gave to the text; null where the text had no name.</param>
/// <param name="Line">The line, from 1; 0 where a value was made by a program.</param>
/// <param name="Column">The column in UTF-16 units, from 1; 0 where a value was made by a program.</param>
public readonly record struct ConfigOrigin(string? Source, int Line, int Column)
{
    /// <summary>The place as <c>file:line:column</c>; the name alone where there is no line.</summary>
    public override string ToString()
    {
        var source = Source ?? "text";
        return Line > 0 ? string.Create(null, $"{source}:{Line}:{Column}") : source;
    }
}
