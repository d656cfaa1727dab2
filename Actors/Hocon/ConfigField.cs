namespace Picket.Hocon;

/// <summary>A value under a key, with the place of the key.</summary>
internal readonly record struct ConfigField(ConfigValue Value, ConfigOrigin KeyOrigin);
