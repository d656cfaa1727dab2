using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Node.Bench.Sensors;

/// <summary>A kind of work that the load generator does, and what of it a sensor can see.</summary>
/// <param name="Name">What the generator calls it.</param>
/// <param name="Concern">Whose kernel programs see it.</param>
/// <param name="Rounds">Rounds of a whole storm: about a second's work for one of two small cores.</param>
/// <param name="EventsPerRound">What a round makes, for rates: a process is forked, executes and ends; a file is made, renamed and
/// removed; a connection is made and accepted; a name is asked for and answered.</param>
/// <param name="FirstKind">The first of the record kinds that belong to it.</param>
/// <param name="LastKind">The last of them.</param>
internal sealed record StormKind(string Name, Concern Concern, int Rounds, int EventsPerRound, int FirstKind, int LastKind)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<StormKind> All { get; } =
    [
        new("exec", Concern.Process, 4_000, 3, (int)EventKind.ProcessCreation, (int)EventKind.ProcessTermination),
        new("file", Concern.File, 40_000, 3, 16, 31),
        new("tcp", Concern.Network, 40_000, 2, 32, 47),
        new("dns", Concern.Dns, 150_000, 2, 48, 63),
    ];
}
