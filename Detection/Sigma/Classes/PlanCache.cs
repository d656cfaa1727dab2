using Picket.Detection.Events;
using Picket.Detection.Sigma.Index;

namespace Picket.Detection.Sigma.Classes;

/// <summary>
/// What an engine remembers of the routes that it met last: the kinds of events of one process alternate, and the network's own table is
/// shared by all engines. Belongs to one engine.
/// </summary>
internal sealed class PlanCache
{
    private const int SlotBits = 6;

    private readonly RuleNetwork _network;
    private readonly EventRoute[] _routes = new EventRoute[1 << SlotBits];
    private readonly PlanState?[] _states = new PlanState?[1 << SlotBits];
    private readonly Dictionary<RoutePlan, PlanState> _byPlan = [];

    public PlanCache(RuleNetwork network) => _network = network;

    /// <summary>What the engine remembers of a route.</summary>
    public PlanState Of(EventRoute route) // hot
    {
        var packed = (uint)(route.Product | (route.Category << 8) | (route.Service << 16) | (route.Writer << 24));
        var slot = (int)((packed * 0x9E3779B1) >> (32 - SlotBits));
        if (_routes[slot] == route && _states[slot] is { } known) return known;
        var plan = _network.PlanOf(route);
        if (!_byPlan.TryGetValue(plan, out var state)) _byPlan[plan] = state = new PlanState(plan);
        _routes[slot] = route;
        return _states[slot] = state;
    }
}
