namespace Picket.Hocon;

/// <summary>A value that needs itself. An optional substitution around it takes it as undefined, as the specification asks.</summary>
internal sealed class SubstitutionCycleException(ConfigOrigin origin, string reason) : ConfigException(origin, reason);
