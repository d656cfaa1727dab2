namespace Picket.Detection.Sigma.Trial;

/// <summary>What an event answered to one item of a selection.</summary>
/// <param name="Item">The item's key as rules write it, such as <c>Image|endswith</c>; empty for keywords.</param>
/// <param name="Line">Its line in the rule's file, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
/// <param name="Holds">Whether the event fits it.</param>
/// <param name="Wanted">The rule's values.</param>
/// <param name="Found">The event's values of the field, null for one that is null; empty where it does not have the field.</param>
public sealed record ItemTrial(
    string Item, int Line, int Column, bool Holds, IReadOnlyList<string> Wanted, IReadOnlyList<string?> Found);
