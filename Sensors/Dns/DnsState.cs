namespace Picket.Sensors.Dns;

/// <summary>
/// What is remembered of DNS from event to event: the names of addresses, the queries under way and the streams. It belongs to
/// the sensor, and so outlives the actor and the thread that read the ring; only that thread touches it.
/// </summary>
public sealed class DnsState
{
    internal AddressNames Names { get; } = new();

    internal PendingQueries Pending { get; } = new();

    internal DnsStreams Streams { get; } = new();

    internal DnsAnswers Answers { get; } = new();
}
