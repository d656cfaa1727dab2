namespace Picket.Sensors.Dns;

/// <summary>
/// What is remembered of DNS from event to event: the names of addresses, the queries under way and the streams. It belongs to
/// the sensor, and so outlives the actor and the thread that read the ring; only that thread touches it.
/// </summary>
public sealed class DnsState
{
    /// <summary>Remembers nothing yet.</summary>
    public DnsState()
        : this(new AddressNames(), new PendingQueries())
    {
    }

    /// <summary>The same with tables of other sizes.</summary>
    internal DnsState(AddressNames names, PendingQueries pending)
    {
        Names = names;
        Pending = pending;
    }

    internal AddressNames Names { get; }

    internal PendingQueries Pending { get; }

    internal DnsStreams Streams { get; } = new();

    internal DnsAnswers Answers { get; } = new();
}
