namespace Picket.Detection.Alerts;

/// <summary>What every alert of a node has in common, and how much of an event it carries.</summary>
public sealed record AlertOptions
{
    /// <summary>The host; replayed records speak for their own.</summary>
    public required HostFacts Host { get; init; }

    /// <summary>The program's version (ECS <c>agent.version</c>).</summary>
    public required string AgentVersion { get; init; }

    /// <summary>Unique id of this installation (ECS <c>agent.id</c>); empty to leave it out.</summary>
    public string AgentId { get; init; } = "";

    /// <summary>The node's name (ECS <c>agent.name</c>); empty to leave it out.</summary>
    public string AgentName { get; init; } = "";

    /// <summary>Tags that every alert gets beside its rule's.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Longest text value in bytes; a longer one is cut and named under <c>picket.truncated</c>.</summary>
    public int MaxValueBytes { get; init; } = 32 << 10;

    /// <summary>Longest original record in bytes (ECS <c>event.original</c>).</summary>
    public int MaxOriginalBytes { get; init; } = 64 << 10;

    /// <summary>Most entries of one array, such as a process's arguments.</summary>
    public int MaxItems { get; init; } = 1024;

    /// <summary>Records that the node's sources are known to have lost so far; null where nobody counts.</summary>
    public Func<long>? Lost { get; init; }
}
