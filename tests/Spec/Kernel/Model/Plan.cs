using Picket.Actors;

namespace Picket.Spec.Kernel.Model;

/// <summary>What an actor of a script is like.</summary>
/// <param name="Name">Among its siblings.</param>
/// <param name="AllForOne">Which strategy it supervises with.</param>
/// <param name="Retries">Restarts that a child may have; -1 for any.</param>
/// <param name="Window">In so many seconds; 0 for ever.</param>
/// <param name="ByKind">Directives by <see cref="Cause"/>.</param>
/// <param name="KeepsChildren">Whether its PreRestart leaves the children alone.</param>
/// <param name="Nursery">Children that it makes in PreStart.</param>
internal sealed record Plan(
    string Name, bool AllForOne, int Retries, int Window, Directive[] ByKind, bool KeepsChildren, Plan[] Nursery)
{
    public override string ToString() =>
        $"{Name}({(AllForOne ? "all" : "one")},{Retries}/{Window}s,{string.Join("/", ByKind)}"
        + $"{(KeepsChildren ? ",keeps" : "")}{string.Concat(Nursery.Select(n => $",{n}"))})";
}
