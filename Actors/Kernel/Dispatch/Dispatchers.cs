namespace Picket.Actors.Dispatch;

/// <summary>The dispatchers of a system by name.</summary>
internal sealed class Dispatchers(int throughput, MessageDispatcher? @default)
{
    private readonly MessageDispatcher _default = @default ?? new PoolDispatcher(throughput);

    public MessageDispatcher Lookup(string? name, ActorPath path) => name switch
    {
        null or "" or "default-dispatcher" or "akka.actor.default-dispatcher" => _default,
        "pinned" or "pinned-dispatcher" or "akka.actor.pinned-dispatcher" =>
            new PinnedDispatcher(throughput, path.ToStringWithoutAddress()),
        _ => throw new ConfigurationException($"dispatcher [{name}] of {path} is not known: default-dispatcher, pinned"),
    };
}
