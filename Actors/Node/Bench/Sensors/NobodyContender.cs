namespace Picket.Node.Bench.Sensors;

/// <summary>The workload alone.</summary>
internal sealed class NobodyContender() : Contender("alone");
