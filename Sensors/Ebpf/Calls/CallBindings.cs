using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf.Calls;

/// <summary>The system calls that the programs of each concern handle.</summary>
internal static class CallBindings
{
    /// <summary>The lane of a concern; null for one that handles no system calls.</summary>
    public static CallLane? LaneOf(Concern concern) => concern switch
    {
        Concern.File => CallLane.File,
        Concern.Privilege => CallLane.Privilege,
        Concern.Network => CallLane.Network,
        _ => null,
    };

    /// <summary>What the programs of a concern handle.</summary>
    public static IReadOnlyList<CallBinding> Of(Concern concern) => concern switch
    {
        Concern.Network => Network,
        Concern.Privilege => Privilege,
        _ => [],
    };

    private static readonly CallBinding[] Network =
    [
        new("call_accept", CallEdge.Exit, "accept", "accept4"),
        new("call_listen", CallEdge.Exit, "listen"),
        new("call_socketcall", CallEdge.Exit, "socketcall"),
    ];

    private static readonly CallBinding[] Privilege =
    [
        new("call_memfd", CallEdge.Exit, "memfd_create"),
    ];
}
