namespace Picket.Node.Bench.Sensors;

/// <summary>Everybody that can be measured, in the order in which a round runs them.</summary>
internal static class Peers
{
    public static IReadOnlyList<Contender> All(SensorBenchOptions options, BenchPrograms programs) =>
    [
        new FloorContender(programs, options.Interest, lines: false, drain: false, options.RingBytes),
        new FloorContender(programs, options.Interest, lines: false, drain: true, options.RingBytes),
        new FloorContender(programs, options.Interest, lines: true, drain: false, options.RingBytes),
        new FloorContender(programs, options.Interest, lines: true, drain: true, options.RingBytes),
        new PicketContender(options.Rules, options.RingBytes),
        new AuditdContender(),
        new BpftraceContender(),
    ];
}
