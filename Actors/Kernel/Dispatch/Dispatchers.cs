using System.Collections.Concurrent;

namespace Picket.Actors.Dispatch;

/// <summary>The dispatchers of a system: two that are always there, and those of its configuration by path.</summary>
internal sealed class Dispatchers(Settings settings)
{
    private readonly PoolDispatcher _default = new(settings.Options.Throughput);
    private readonly ConcurrentDictionary<string, (bool Pinned, int Throughput, PoolDispatcher? Pool)> _byPath = [];

    /// <exception cref="ConfigurationException">There is no such dispatcher, or its settings are wrong.</exception>
    public MessageDispatcher Lookup(string? name, ActorPath path)
    {
        switch (name)
        {
            case null or "" or "default-dispatcher" or "akka.actor.default-dispatcher":
                return _default;
            case "pinned" or "pinned-dispatcher":
                return new PinnedDispatcher(settings.Options.Throughput, path.ToStringWithoutAddress());
            default:
                var (pinned, throughput, pool) = _byPath.GetOrAdd(name, Read);
                return pinned ? new PinnedDispatcher(throughput, path.ToStringWithoutAddress()) : pool!;
        }
    }

    private (bool Pinned, int Throughput, PoolDispatcher? Pool) Read(string id)
    {
        if (settings.Config.GetConfig(id) is not { } section)
            throw new ConfigurationException($"dispatcher [{id}] is not configured; always there: default-dispatcher, pinned");
        var throughput = section.GetInt("throughput", settings.Options.Throughput);
        if (throughput < 1) throw new ConfigurationException($"{id}.throughput is [{throughput}]: 1 or more");
        return Mailboxes.TypeName(section, "type") switch
        {
            null or "Dispatcher" => (false, throughput, new PoolDispatcher(throughput)),
            nameof(PinnedDispatcher) => (true, throughput, null),
            var other => throw new ConfigurationException($"{id}.type is [{other}]: Dispatcher, PinnedDispatcher"),
        };
    }
}
