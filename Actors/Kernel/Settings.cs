using Picket.Hocon;

namespace Picket.Actors;

/// <summary>What a system runs with.</summary>
public sealed class Settings
{
    private readonly Lazy<Config> _config;

    internal Settings(ActorSystem system, ActorSystemOptions options)
    {
        System = system;
        Options = options;
        _config = new Lazy<Config>(() => options.Config.WithFallback(ActorSystemOptions.Reference));
    }

    /// <summary>Whose.</summary>
    public ActorSystem System { get; }

    /// <summary>The values that count.</summary>
    public ActorSystemOptions Options { get; }

    /// <summary>The configuration with the reference behind it.</summary>
    public Config Config => _config.Value;

    /// <summary>How long an Ask without a time-out of its own waits.</summary>
    public TimeSpan AskTimeout => Options.AskTimeout;

    /// <summary>The least level that goes to standard error while nobody subscribes to it; null for none.</summary>
    public Event.LogLevel? StandardErrorLevel => Options.StandardErrorLevel;
}
