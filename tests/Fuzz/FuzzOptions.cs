using Picket.Fuzz.Targets;

namespace Picket.Fuzz;

/// <summary>What is searched, and what a search may take.</summary>
internal sealed record FuzzOptions
{
    /// <summary>What is searched.</summary>
    public IFuzzTarget Target { get; init; } = new HoconTarget();

    /// <summary>The random numbers' beginning; the same one with the same number of executions makes the same inputs.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many inputs to execute at most.</summary>
    public long Executions { get; init; } = long.MaxValue;

    /// <summary>How long to search at most.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.MaxValue;

    /// <summary>How many different findings end the search.</summary>
    public int Findings { get; init; } = 20;

    /// <summary>Whether the target has its planted defect.</summary>
    public bool WithDefect { get; init; }

    /// <summary>Further files to begin with.</summary>
    public IReadOnlyList<string> SeedFiles { get; init; } = [];
}
