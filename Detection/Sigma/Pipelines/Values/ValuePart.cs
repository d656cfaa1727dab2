namespace Picket.Detection.Sigma.Pipelines.Values;

/// <summary>A piece of a value: a wildcard, or literal text without escapes.</summary>
/// <param name="IsWildcard">Whether <paramref name="Text"/> is <c>*</c> or <c>?</c> with its special meaning.</param>
/// <param name="Text">The text.</param>
internal readonly record struct ValuePart(bool IsWildcard, string Text)
{
    public static ValuePart AnyRun => new(true, "*");
}
