namespace Picket.Detection.Sigma.Check;

/// <summary>Why a verdict is what it is.</summary>
/// <param name="Code">A stable code, one of <see cref="CheckReasons"/> or, for a rule that does not load, of the load's codes.</param>
/// <param name="Subject">What it is about, such as a field's name or a log source's part.</param>
/// <param name="Line">Line in the rule's file, from 1; 0 for the whole file.</param>
/// <param name="Column">Column, from 1; 0 for the whole file.</param>
/// <param name="Message">The reason for a person.</param>
public sealed record CheckReason(string Code, string Subject, int Line, int Column, string Message);
