namespace Picket.Node.Bench.Sigma;

/// <summary>What <c>picket bench sigma</c> found.</summary>
/// <param name="Rules">Rules that were loaded.</param>
/// <param name="Errors">Rules and files that could not be used.</param>
/// <param name="LoadSeconds">From the files to an engine that can be asked.</param>
/// <param name="Workloads">A row each.</param>
/// <param name="LoadedBytes">Resident memory of the process with the rules and one engine, garbage given back, and no events.</param>
/// <param name="ResidentBytes">Resident memory of the process at the end, with the events and the full scan.</param>
/// <param name="EngineBytes">What the loaded rules and one engine keep on the managed heap.</param>
internal sealed record SigmaBenchResult(
    int Rules, int Errors, double LoadSeconds, IReadOnlyList<SigmaWorkloadResult> Workloads, long LoadedBytes, long ResidentBytes,
    long EngineBytes);
