using Picket.Actors;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// /ebpf/process and its like: owns the programs and links of one concern. A new incarnation takes over the pinned links of
/// the one before, so that its failure blinds nobody.
/// </summary>
internal sealed class CollectorActor : UntypedActor
{
    private readonly SharedMaps _maps;
    private readonly Concern _concern;
    private ProgramSet? _programs;

    public CollectorActor(SharedMaps maps, Concern concern)
    {
        _maps = maps;
        _concern = concern;
    }

    protected override void PreStart()
    {
        _programs = ProgramSet.Start(_maps, _concern);
        Context.Parent.Tell(new CollectorReady(_concern, _programs.TakenOver), Self);
    }

    protected override void PostStop() => _programs?.Dispose();

    protected override void OnReceive(object message) => Unhandled(message);
}
