using System.Diagnostics.CodeAnalysis;

namespace Picket.Hocon;

/// <summary>What may be asked of a configuration that may be missing.</summary>
public static class ConfigExtensions
{
    /// <summary><paramref name="config"/> over <paramref name="fallback"/>; the one that is there where the other is null.</summary>
    [return: NotNullIfNotNull(nameof(config))]
    [return: NotNullIfNotNull(nameof(fallback))]
    public static Config? SafeWithFallback(this Config? config, Config? fallback) =>
        config is null || ReferenceEquals(config, fallback) ? config ?? fallback : config.WithFallback(fallback);

    /// <summary>Whether there is no configuration, or one without values.</summary>
    public static bool IsNullOrEmpty([NotNullWhen(false)] this Config? config) => config is null || config.IsEmpty;
}
