namespace Picket.Detection.Alerts;

/// <summary>One reason why a rule matched.</summary>
/// <param name="Selection">The rule's selection.</param>
/// <param name="Field">The event's field; empty for a keyword.</param>
/// <param name="Value">The event's value, as text.</param>
public sealed record AlertMatch(string Selection, string Field, string Value);
