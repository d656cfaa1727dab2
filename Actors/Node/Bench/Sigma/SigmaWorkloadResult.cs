namespace Picket.Node.Bench.Sigma;

/// <summary>What one workload came to.</summary>
/// <param name="Name">Its name, or the file's.</param>
/// <param name="Events">How many records it has.</param>
/// <param name="Malformed">Lines that were no record.</param>
/// <param name="BytesPerEvent">Mean length of a line.</param>
/// <param name="Speeds">Events a second to decisions, a figure a round: from lines and from records that are read already, on one core by
/// the clock and by the processor's time, which others on the machine do not lengthen, and on all cores.</param>
/// <param name="Cores">How many cores that were.</param>
/// <param name="Matches">Times that a rule matched.</param>
/// <param name="CandidatesMedian">Rules that the index offered for an event, median.</param>
/// <param name="CandidatesHigh">The same, 95th percentile.</param>
/// <param name="AllocatedPerEvent">Bytes allocated for an event from records, those that match included.</param>
/// <param name="TwinEvents">How many events the full scan was asked about.</param>
/// <param name="TwinPerSecond">Events a second of the full scan.</param>
/// <param name="TwinDifferences">Events for which the full scan named other rules.</param>
internal sealed record SigmaWorkloadResult(
    string Name, int Events, long Malformed, double BytesPerEvent, IReadOnlyList<BenchRow> Speeds, int Cores, long Matches,
    int CandidatesMedian, int CandidatesHigh, double AllocatedPerEvent, int TwinEvents, double TwinPerSecond, int TwinDifferences);
