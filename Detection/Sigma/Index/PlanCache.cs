using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Index;

/// <summary>
/// The plans of the routes that an engine met last: the kinds of events of one process alternate, and the network's own table is shared by
/// all engines. Belongs to one engine.
/// </summary>
internal sealed class PlanCache
{
    private const int SlotBits = 6;

    private readonly RuleNetwork _network;
    private readonly EventRoute[] _routes = new EventRoute[1 << SlotBits];
    private readonly RoutePlan[] _plans = new RoutePlan[1 << SlotBits];

    public PlanCache(RuleNetwork network)
    {
        _network = network;
        Array.Fill(_plans, network.All);
    }

    /// <summary>The plan of a route.</summary>
    public RoutePlan Of(EventRoute route) // hot
    {
        var packed = (uint)(route.Product | (route.Category << 8) | (route.Service << 16) | (route.Writer << 24));
        var slot = (int)((packed * 0x9E3779B1) >> (32 - SlotBits));
        if (_routes[slot] == route) return _plans[slot];
        _routes[slot] = route;
        return _plans[slot] = _network.PlanOf(route);
    }
}
