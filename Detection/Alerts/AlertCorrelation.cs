namespace Picket.Detection.Alerts;

/// <summary>What an alert of several events says of how they belong together.</summary>
/// <param name="Id">The alert's id, made of the rule's and the events'.</param>
/// <param name="Events">The ids of the events, in the order of their times.</param>
/// <param name="Type">The correlation's type, in Sigma's words.</param>
/// <param name="Rules">The ids of the rules that it is over, in their order.</param>
/// <param name="Group">The fields that all events share, and their values; null for a field that none of them has.</param>
/// <param name="FromNs">The time of the first event: nanoseconds since 1970 UTC.</param>
/// <param name="ToNs">The window's end, likewise.</param>
/// <param name="Timespan">How long a window is.</param>
/// <param name="Count">Matches in the window.</param>
/// <param name="Value">What the condition compared.</param>
public sealed record AlertCorrelation(
    StableId Id,
    IReadOnlyList<StableId> Events,
    string Type,
    IReadOnlyList<string> Rules,
    IReadOnlyList<KeyValuePair<string, string?>> Group,
    long FromNs,
    long ToNs,
    TimeSpan Timespan,
    int Count,
    double Value);
