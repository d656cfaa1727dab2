using System.Runtime.CompilerServices;

namespace Picket.Actors.Persistence;

/// <summary>Gives an actor system its persistence.</summary>
public static class Persistence
{
    private static readonly ConditionalWeakTable<ActorSystem, PersistenceExtension> Extensions = [];

    /// <summary>Sets where and how the actors of a system persist. Without it they persist in memory, as the system's configuration
    /// says.</summary>
    /// <exception cref="InvalidOperationException">The system has its persistence already: a persistent actor was made before.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static PersistenceExtension Install(ActorSystem system, PersistenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        lock (Extensions)
        {
            if (Extensions.TryGetValue(system, out _))
            {
                throw new InvalidOperationException(
                    $"actor system [{system.Name}] has its persistence already: install it before the first persistent actor is made");
            }

            var made = new PersistenceExtension(system, options);
            Extensions.Add(system, made);
            return made;
        }
    }

    /// <summary>The persistence of a system; in memory, by the system's configuration, where none was installed.</summary>
    /// <exception cref="ConfigurationException">The configuration's <c>akka.persistence</c> section has a wrong value.</exception>
    public static PersistenceExtension Get(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        if (Extensions.TryGetValue(system, out var known)) return known;
        lock (Extensions)
        {
            return Extensions.TryGetValue(system, out known) ? known : Install(system, PersistenceOptions.From(system.Settings.Config));
        }
    }
}
