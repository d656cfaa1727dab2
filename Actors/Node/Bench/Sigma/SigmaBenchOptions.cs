namespace Picket.Node.Bench.Sigma;

/// <summary>What <c>picket bench sigma</c> measures.</summary>
/// <param name="Rules">Folders and files with rules.</param>
/// <param name="Input">A file or folder of recorded events; null for events that are made up.</param>
/// <param name="Events">How many events of each workload there are.</param>
/// <param name="Rounds">Measured rounds after one of warm-up; the median counts.</param>
/// <param name="Twin">How many events the full scan, which is slow, is asked about.</param>
/// <param name="Only">Only the made-up workloads whose names begin so; null for all.</param>
/// <param name="Pipelines">Pipelines that change the rules first.</param>
internal sealed record SigmaBenchOptions(IReadOnlyList<string> Rules, string? Input, int Events, int Rounds, int Twin,
    string? Only, IReadOnlyList<string> Pipelines);
