using Picket.Fuzz.Targets;

namespace Picket.Fuzz;

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    /// <summary>Each target.</summary>
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new HoconTarget(), new DnsTarget(), new RecordsTarget(), new LogsTarget(), new EvtxTarget(), new RulesTarget(), new ConditionsTarget(),
        new JsonTarget(),
    ];

    /// <summary>The target of a name.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static IFuzzTarget Find(string name) => All.First(target => target.Name == name);
}
