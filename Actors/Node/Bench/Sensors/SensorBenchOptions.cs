using Picket.Detection.Events;

namespace Picket.Node.Bench.Sensors;

/// <summary>What <c>picket bench sensors</c> measures.</summary>
/// <param name="Rounds">Interleaved rounds; the medians count.</param>
/// <param name="Percent">Size of each storm, in percent of the whole.</param>
/// <param name="Kinds">Kinds of work.</param>
/// <param name="Contenders">Names of contenders, or their beginnings; empty for all.</param>
/// <param name="Rules">Folders of rules for Picket.</param>
/// <param name="Interest">What those rules ask of the sensors.</param>
/// <param name="Seconds">How long the storms of the comparison and of the latency go on, each.</param>
/// <param name="Settle">How long a node runs before it is measured at rest: its runtime compiles what ran often once more.</param>
/// <param name="Idle">Over how long the CPU at rest is measured; zero for not at all.</param>
/// <param name="RingBytes">Size of the ring, for Picket and the readers in C.</param>
internal sealed record SensorBenchOptions(
    int Rounds,
    int Percent,
    IReadOnlyList<StormKind> Kinds,
    IReadOnlyList<string> Contenders,
    IReadOnlyList<string> Rules,
    EventInterest Interest,
    double Seconds,
    TimeSpan Settle,
    TimeSpan Idle,
    int RingBytes);
