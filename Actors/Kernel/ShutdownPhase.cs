using Picket.Hocon;

namespace Picket.Actors;

/// <summary>A phase of <see cref="CoordinatedShutdown"/>.</summary>
/// <param name="DependsOn">The phases before it.</param>
/// <param name="Timeout">How long its tasks have.</param>
/// <param name="Recover">Whether later phases run when one of its tasks fails or takes too long.</param>
internal sealed record ShutdownPhase(IReadOnlyList<string> DependsOn, TimeSpan Timeout, bool Recover)
{
    /// <exception cref="ConfigurationException">A phase depends on one that is not defined.</exception>
    public static Dictionary<string, ShutdownPhase> Read(Config config)
    {
        var otherwise = config.GetTimeSpan("default-phase-timeout", allowInfinite: false);
        return ((ConfigObject)config.GetValue("phases")!).Keys.ToDictionary(name => name, name =>
        {
            var phase = config.GetConfig($"phases.\"{name}\"")!;
            return new ShutdownPhase(phase.GetStringList("depends-on", []), phase.GetTimeSpan("timeout", otherwise, allowInfinite: false),
                phase.GetBoolean("recover", true));
        });
    }

    /// <summary>The phases in an order in which each comes after those that it depends on.</summary>
    /// <exception cref="ConfigurationException">A phase depends on itself, or on one that is not defined.</exception>
    public static List<string> Sort(IReadOnlyDictionary<string, ShutdownPhase> phases)
    {
        var order = new List<string>(phases.Count);
        var open = new List<string>();
        foreach (var phase in phases.Keys) Visit(phase);
        return order;

        void Visit(string phase)
        {
            if (order.Contains(phase)) return;
            if (open.Contains(phase))
                throw new ConfigurationException($"phases depend on each other in a circle: {string.Join(" -> ", [.. open, phase])}");
            if (!phases.TryGetValue(phase, out var known))
                throw new ConfigurationException($"phase [{open[^1]}] depends on [{phase}], which is not defined");
            open.Add(phase);
            foreach (var before in known.DependsOn) Visit(before);
            open.RemoveAt(open.Count - 1);
            order.Add(phase);
        }
    }
}
