namespace Picket.Detection.Sigma.Diagnostics;

/// <summary>Why one rule (or one file) could not be used. Other rules are not affected by it.</summary>
/// <param name="File">The file as it was named or found.</param>
/// <param name="Line">Line, from 1; 0 when the whole file is meant.</param>
/// <param name="Column">Column, from 1; 0 when the whole file is meant.</param>
/// <param name="Code">A stable code, one of <see cref="SigmaCodes"/>.</param>
/// <param name="Message">What is wrong, for a person.</param>
public sealed record SigmaError(string File, int Line, int Column, string Code, string Message)
{
    /// <summary>The error as compilers write theirs: <c>file(line,column): error code: message</c>.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{File}({Line},{Column}): error {Code}: {Message}");
}
