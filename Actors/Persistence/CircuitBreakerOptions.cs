using Picket.Hocon;

namespace Picket.Actors.Persistence;

/// <summary>When a store that fails is left alone for a while: what is asked of it then fails at once.</summary>
public sealed record CircuitBreakerOptions
{
    /// <summary>Failures in a row that open the circuit; 1 or more.</summary>
    public int MaxFailures { get; init; } = 10;

    /// <summary>Time for one answer; a store that needs longer has failed. Positive.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time from opening to the one call that tries again. Positive.</summary>
    public TimeSpan ResetTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal static CircuitBreakerOptions From(Config config, string path) => new()
    {
        MaxFailures = config.GetInt($"{path}.max-failures"),
        CallTimeout = config.GetTimeSpan($"{path}.call-timeout"),
        ResetTimeout = config.GetTimeSpan($"{path}.reset-timeout"),
    };

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxFailures, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(CallTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ResetTimeout, TimeSpan.Zero);
    }
}
