using System.Runtime.CompilerServices;
using Picket.Detection.Events;
using Picket.Sensors.Replay.Windows;

namespace Picket.Sensors.Replay;

/// <summary>
/// Finds the Sigma log source of a replayed record: what its own <c>logsource</c> object says, else what the channel and the number of a
/// Windows event mean. A record that says neither is offered to every rule.
/// </summary>
internal static class RecordRoute
{
    private static readonly byte ProcessCreation = EventRouteTable.Intern("process_creation");
    private static readonly byte Security = EventRouteTable.Intern("security");
    private static readonly byte ProcessTermination = EventRouteTable.Intern("process_termination");

    /// <summary>The fields that are looked at, by what they are.</summary>
    private static readonly Part[] Parts = PartsOf(
        ("logsource.product", Part.Product), ("logsource.category", Part.Category), ("logsource.service", Part.Service),
        ("Channel", Part.Channel), ("EventID", Part.EventId), ("EventType", Part.EventType), ("Provider_Name", Part.Provider),
        ("SourceName", Part.Provider), ("ProviderName", Part.Provider));

    private static WindowsRoutes _windows = new();

    private enum Part : byte
    {
        None,
        Product,
        Category,
        Service,
        Channel,
        EventId,
        EventType,
        Provider,
    }

    /// <summary>Sets the route of the batch's last record and, where it is one that Picket itself watches, the kind.</summary>
    public static void Set(EventBatch batch, ref EventRecord record) // hot
    {
        var view = batch.View(batch.Count - 1);
        ReadOnlySpan<byte> product = default, category = default, service = default;
        ReadOnlySpan<byte> channel = default, provider = default, eventId = default, eventType = default;
        var parts = Parts;
        foreach (ref readonly var entry in view.Entries)
        {
            if (entry.Id.Value >= parts.Length) continue;
            switch (parts[entry.Id.Value])
            {
                case Part.Product:
                    product = view.ValueOf(entry).Text;
                    break;
                case Part.Category:
                    category = view.ValueOf(entry).Text;
                    break;
                case Part.Service:
                    service = view.ValueOf(entry).Text;
                    break;
                case Part.Channel:
                    channel = view.ValueOf(entry).Text;
                    break;
                case Part.EventId:
                    eventId = view.ValueOf(entry).Text;
                    break;
                case Part.EventType when eventType.IsEmpty:
                    eventType = view.ValueOf(entry).Text;
                    break;
                case Part.Provider when provider.IsEmpty:
                    provider = view.ValueOf(entry).Text;
                    break;
            }
        }

        if (!product.IsEmpty || !category.IsEmpty || !service.IsEmpty)
        {
            record.Route = new EventRoute(Number(product), Number(category), Number(service));
        }
        else if (!channel.IsEmpty || !provider.IsEmpty)
        {
            if (Windows().TryFind(channel, provider, eventId, eventType, out var route)) record.Route = route;
        }

        if (record.Route.Service == Security && eventId.SequenceEqual(RegistryAudit.EventId)) RegistryAudit.Add(batch);
        if (record.Route.Category == ProcessCreation) record.Kind = EventKind.ProcessCreation;
        else if (record.Route.Category == ProcessTermination) record.Kind = EventKind.ProcessTermination;
    }

    /// <summary>The table for the names that are known now. Two threads may both make one; either is right.</summary>
    private static WindowsRoutes Windows() // hot
    {
        var routes = Volatile.Read(ref _windows);
        return routes.Names == EventRouteTable.Count ? routes : Renew();
    }

    private static WindowsRoutes Renew()
    {
        var routes = new WindowsRoutes();
        Volatile.Write(ref _windows, routes);
        return routes;
    }

    private static byte Number(ReadOnlySpan<byte> name) // hot
    {
        if (name.IsEmpty) return 0;
        var known = EventRouteTable.FindKnown(name);
        return known == 0 ? EventRouteTable.NoRules : known;
    }

    private static Part[] PartsOf(params (string Field, Part Part)[] fields)
    {
        // Names are only looked up while reading: these must be known before the first record, too.
        RuntimeHelpers.RunClassConstructor(typeof(RegistryAudit).TypeHandle);
        var parts = new Part[fields.Max(field => FieldTable.Intern(field.Field).Value) + 1];
        foreach (var (field, part) in fields) parts[FieldTable.Intern(field).Value] = part;
        return parts;
    }
}
