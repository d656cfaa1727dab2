using System.Text;

namespace Picket.Detection.Sigma.Compilation;

/// <summary>A part of a <see cref="TextPattern"/>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">A literal's bytes; empty otherwise.</param>
internal sealed record PatternPart(PatternPartKind Kind, byte[] Bytes)
{
    public static PatternPart AnyRun { get; } = new(PatternPartKind.AnyRun, []);

    public static PatternPart AnyChar { get; } = new(PatternPartKind.AnyChar, []);

    public static PatternPart Of(string text) => new(PatternPartKind.Literal, Encoding.UTF8.GetBytes(text));
}
