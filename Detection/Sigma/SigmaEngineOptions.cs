using System.ComponentModel.DataAnnotations;

namespace Picket.Detection.Sigma;

/// <summary>How an engine treats rules that fail.</summary>
public sealed record SigmaEngineOptions
{
    /// <summary>A rule that fails this often within <see cref="FailureWindow"/> is switched off; at least 1.</summary>
    public int FailureLimit { get; init; } = 10;

    /// <summary>The time within which failures count together; more than zero.</summary>
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The clock of the window.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <exception cref="ValidationException">An option is out of its range.</exception>
    internal void Validate()
    {
        if (FailureLimit < 1) throw new ValidationException($"{nameof(FailureLimit)} is {FailureLimit}; at least 1");
        if (FailureWindow <= TimeSpan.Zero) throw new ValidationException($"{nameof(FailureWindow)} is {FailureWindow}; more than zero");
    }
}
