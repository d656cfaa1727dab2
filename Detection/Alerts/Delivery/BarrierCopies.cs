using System.Runtime.InteropServices;

namespace Picket.Detection.Alerts.Delivery;

/// <summary>
/// How many edges have brought their copy of each barrier. An edge keeps its own order only: the copies of two barriers that follow each
/// other closely come mixed. Outlives the actor that counts.
/// </summary>
/// <param name="sources">How many edges there are.</param>
internal sealed class BarrierCopies(int sources)
{
    private readonly Dictionary<long, int> _open = [];

    /// <summary>Takes one copy of a barrier; true when it is the last.</summary>
    public bool IsLast(long number)
    {
        ref var copies = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, number, out _);
        if (++copies < sources) return false;

        // Every edge has passed this one, so what an older one still waits for was dropped with a stopped actor.
        foreach (var passed in _open.Keys.Where(open => open <= number).ToList()) _open.Remove(passed);
        return true;
    }
}
