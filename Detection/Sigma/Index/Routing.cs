using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Index;

/// <summary>Which rules an event is offered to, by log source.</summary>
internal static class Routing
{
    private static readonly byte ProcessTermination = EventRouteTable.Intern("process_termination");
    private static readonly byte AuditRecord = EventRouteTable.Intern("audit_record");

    /// <summary>The event's route, completed by its kind; false when no rule is asked about such events.</summary>
    public static bool TryRouteOf(in EventRecord record, out EventRoute route) // hot
    {
        route = record.Route;
        switch (record.Kind)
        {
            case EventKind.ProcessFork or EventKind.ProcessSnapshot:
                return false;

            case EventKind.ProcessCreation:
                route = HashParts.OfExecution(route, record.Flags);
                return true;

            case EventKind.ProcessTermination when route.Category == 0:
                route = route with { Category = ProcessTermination };
                return true;

            case EventKind.DnsQuery:
                route = DnsParts.OfQuery(route);
                return true;

            default:
                return true;
        }
    }

    /// <summary>
    /// No known part of the event contradicts the rule's. Beyond that, a rule that names a service and no category means
    /// the records of that service: events of a known category that come from no service are not among them.
    /// </summary>
    public static bool Offers(EventRoute @event, EventRoute rule)
    {
        if (Contradicts(@event.Product, rule.Product)) return false;
        if (HashParts.Contradicts(@event.Category, rule.Category) && !FileArrivals.Fits(@event.Category, rule.Category)
            && !CategoryKin.Fits(@event.Category, rule.Category))
        {
            return false;
        }

        // Made of an event that the rule is offered itself: it would be asked, and alert, twice.
        if (@event.Category == AuditRecord && HashParts.IsOfAny(rule.Category) && rule.Service == 0) return false;
        if (Contradicts(@event.Service, rule.Service) && (@event.Writer == 0 || @event.Writer != rule.Service)) return false;
        return !(@event.Category != 0 && @event.Service == 0 && rule.Service != 0 && rule.Category == 0);
    }

    private static bool Contradicts(byte known, byte wanted) => known != 0 && wanted != 0 && known != wanted;
}
