namespace Picket.Actors.Pattern;

/// <summary>A call that an open <see cref="CircuitBreaker"/> did not make.</summary>
public sealed class OpenCircuitException : AkkaException
{
    /// <summary>With the time until the next call is let through; zero when one is being tried.</summary>
    public OpenCircuitException(string message, Exception? cause = null, TimeSpan remainingDuration = default) : base(message, cause) =>
        RemainingDuration = remainingDuration;

    /// <summary>With the failure that opened the circuit.</summary>
    public OpenCircuitException(Exception? cause = null, TimeSpan remainingDuration = default)
        : this("the circuit breaker is open: calls fail fast", cause, remainingDuration) { }

    /// <summary>The time until the next call is let through.</summary>
    public TimeSpan RemainingDuration { get; }
}
