namespace Picket.Detection.Sigma.Parsing;

/// <summary>The text of one YAML document of a file.</summary>
/// <param name="FirstLine">The file's line (from 1) that the text starts with.</param>
/// <param name="Text">The text, its lines ended by LF.</param>
internal sealed record RuleDocument(int FirstLine, string Text);
