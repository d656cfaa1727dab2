namespace Picket.Hocon;

/// <summary>Bounds that keep any text from exhausting stack, memory or time. Real configurations stay far below all of them.</summary>
internal static class ConfigLimits
{
    /// <summary>How deep objects and arrays may nest, keys of a path counted, includes carried on.</summary>
    public const int Depth = 200;

    /// <summary>How deep includes may nest.</summary>
    public const int IncludeDepth = 32;

    /// <summary>How many files one configuration may read.</summary>
    public const int Files = 1_000;

    /// <summary>How long a file may be, in bytes.</summary>
    public const int FileBytes = 16 * 1024 * 1024;

    /// <summary>How deep substitutions and values may nest while they are resolved.</summary>
    public const int ResolveDepth = 600;

    /// <summary>How many steps resolving may take.</summary>
    public const int ResolveSteps = 20_000_000;

    /// <summary>How much a resolved value may weigh, roughly in characters.</summary>
    public const long Weight = 64 * 1024 * 1024;

    /// <summary>Throws where substitutions have multiplied a value beyond <see cref="Weight"/>.</summary>
    public static void CheckWeight(long weight, ConfigOrigin origin)
    {
        if (weight > Weight) throw new ConfigException(origin, $"substitutions make this value larger than {Weight} characters");
    }
}
