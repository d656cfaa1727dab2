namespace Picket.Detection.Sigma.Diagnostics;

/// <summary>Something about a rule that its author would want to know, though the rule works (or is knowingly left out).</summary>
/// <param name="File">The file as it was named or found.</param>
/// <param name="Line">Line, from 1; 0 when the whole file is meant.</param>
/// <param name="Column">Column, from 1; 0 when the whole file is meant.</param>
/// <param name="Code">A stable code, one of <see cref="SigmaCodes"/>.</param>
/// <param name="Message">What was noticed, for a person.</param>
public sealed record SigmaWarning(string File, int Line, int Column, string Code, string Message)
{
    /// <summary>The warning as compilers write theirs: <c>file(line,column): warning code: message</c>.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{File}({Line},{Column}): warning {Code}: {Message}");
}
