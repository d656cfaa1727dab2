namespace Picket.Detection.Alerts;

/// <summary>Something that the node says of itself: an unclean start, a gap, an imbalance, a rule in quarantine.</summary>
/// <param name="Name">Short and stable, such as <c>unclean-start</c>; the alert's <c>rule.id</c> is <c>picket.</c> and it.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Message">One sentence with the numbers in it.</param>
/// <param name="Details">The numbers for machines.</param>
public sealed record Notice(string Name, string Title, AlertLevel Level, string Message, IReadOnlyList<NoticeDetail> Details)
{
    /// <summary>What makes two notices the same one, such as the boot id and the start's number; null when the moment does.</summary>
    public string? Occurrence { get; init; }

    /// <summary>ECS <c>event.kind</c>: <c>alert</c>, or <c>metric</c> for what is said regularly and calls for nothing.</summary>
    public string Kind { get; init; } = "alert";

    /// <summary>When it happened, nanoseconds since 1970 UTC; 0 for now.</summary>
    public long TimeNs { get; init; }
}
