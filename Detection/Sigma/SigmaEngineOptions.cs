using System.ComponentModel.DataAnnotations;
using System.Numerics;
using Picket.Detection.Sigma.Classes;

namespace Picket.Detection.Sigma;

/// <summary>How an engine treats rules that fail, and how much it remembers.</summary>
public sealed record SigmaEngineOptions
{
    /// <summary>For reading files, whose events come from many hosts and as fast as they can be read.</summary>
    public static SigmaEngineOptions OfFiles { get; } = new() { RememberedValues = 1 << 16 };

    /// <summary>A rule that fails this often within <see cref="FailureWindow"/> is switched off; at least 1.</summary>
    public int FailureLimit { get; init; } = 10;

    /// <summary>The time within which failures count together; more than zero.</summary>
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The clock of the window.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// How many values each engine remembers at most: a power of two from 512 to 1,048,576. The default suits a sensor; who reads files of
    /// many hosts gains by more. A value takes some 150 bytes, and room is made only when it is used.
    /// </summary>
    public int RememberedValues { get; init; } = 1 << 15;

    /// <exception cref="ValidationException">An option is out of its range.</exception>
    internal void Validate()
    {
        if (FailureLimit < 1) throw new ValidationException($"{nameof(FailureLimit)} is {FailureLimit}; at least 1");
        if (RememberedValues is < ValueMemo.FirstSlots or > 1 << 20 || !BitOperations.IsPow2(RememberedValues))
        {
            throw new ValidationException($"{nameof(RememberedValues)} is {RememberedValues}; a power of two from 512 to 1048576");
        }

        if (FailureWindow <= TimeSpan.Zero) throw new ValidationException($"{nameof(FailureWindow)} is {FailureWindow}; more than zero");
    }
}
