using System.Runtime.CompilerServices;

namespace Picket.Hocon;

/// <summary>How deep one resolving is at the moment and how much it has done; throws where either passes its bound.</summary>
internal sealed class ResolveBudget
{
    private int _steps;

    /// <summary>The levels entered and not left; set back by who breaks off what lies below.</summary>
    public int Depth { get; set; }

    public void Enter(ConfigOrigin origin)
    {
        if (++Depth > ConfigLimits.ResolveDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new ConfigException(origin, $"substitutions and values nest deeper than {ConfigLimits.ResolveDepth} levels here");
    }

    public void Leave() => Depth--;

    public void Count(ConfigOrigin origin, int steps = 1)
    {
        if ((_steps += steps) > ConfigLimits.ResolveSteps)
            throw new ConfigException(origin, $"substitutions multiply each other: not resolved within {ConfigLimits.ResolveSteps} steps");
    }
}
