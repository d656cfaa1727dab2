namespace Picket.Detection.Alerts.Policy;

/// <summary>What keeps a noisy rule from burying the others. All times are event time: a replay is judged as the day itself was.</summary>
public sealed record AlertPolicyOptions
{
    /// <summary>Everything passes.</summary>
    public static AlertPolicyOptions Unlimited { get; } = new() { SuppressWindow = TimeSpan.Zero, MaxPerRule = 0 };

    /// <summary>How long after an alert those of the same rule, process and matched values are suppressed; zero for never.</summary>
    public TimeSpan SuppressWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Alerts of one rule that pass within <see cref="RateWindow"/>; 0 for any number.</summary>
    public int MaxPerRule { get; init; } = 1000;

    /// <summary>The time over which <see cref="MaxPerRule"/> is spread.</summary>
    public TimeSpan RateWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many suppressions, and how many rules, are kept in mind; beyond it the oldest is forgotten and passes again.</summary>
    public int MaxTracked { get; init; } = 65_536;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        if (SuppressWindow < TimeSpan.Zero) throw new ArgumentException("SuppressWindow must not be negative");
        if (MaxPerRule < 0) throw new ArgumentException("MaxPerRule must not be negative");
        if (RateWindow <= TimeSpan.Zero) throw new ArgumentException("RateWindow must be positive");
        if (MaxTracked < 1) throw new ArgumentException("MaxTracked must be positive");
    }
}
