using System.Text;
using Picket.Detection.Events;

namespace Picket.Sensors.Replay;

/// <summary>
/// Finds the Sigma log source of a replayed record: what its own <c>logsource</c> object says, else what Sysmon's channel
/// and event number mean. A record that says neither is offered to every rule.
/// </summary>
internal static class RecordRoute
{
    private static readonly FieldId Product = FieldTable.Intern("logsource.product");
    private static readonly FieldId Category = FieldTable.Intern("logsource.category");
    private static readonly FieldId Service = FieldTable.Intern("logsource.service");

    private static readonly byte ProcessCreation = EventRouteTable.Intern("process_creation");
    private static readonly byte ProcessTermination = EventRouteTable.Intern("process_termination");

    private static ReadOnlySpan<byte> SysmonChannel => "Microsoft-Windows-Sysmon/Operational"u8;

    /// <summary>Sets the route and, where it is one that Picket itself watches, the kind.</summary>
    public static void Set(EventBatch batch, ref EventRecord record)
    {
        var view = batch.View(batch.Count - 1);
        var product = view.First(Product);
        var category = view.First(Category);
        var service = view.First(Service);
        if (product.IsPresent || category.IsPresent || service.IsPresent)
        {
            record.Route = new EventRoute(Number(product), Number(category), Number(service));
        }
        else if (view.First(Fields.Channel).Text.SequenceEqual(SysmonChannel))
        {
            record.Route = new EventRoute(EventRouteTable.Find("windows"),
                EventRouteTable.Find(SysmonCategory(view.First(Fields.EventId).Text)), 0);
        }

        if (record.Route.Category == ProcessCreation) record.Kind = EventKind.ProcessCreation;
        else if (record.Route.Category == ProcessTermination) record.Kind = EventKind.ProcessTermination;
    }

    private static byte Number(FieldValue value) =>
        value.Text.IsEmpty ? (byte)0 : EventRouteTable.Find(Encoding.UTF8.GetString(value.Text));

    /// <summary>Sysmon's event numbers, as its schema documents them, under Sigma's categories.</summary>
    private static string? SysmonCategory(ReadOnlySpan<byte> eventId) => Encoding.ASCII.GetString(eventId) switch
    {
        "1" => "process_creation",
        "2" => "file_change",
        "3" => "network_connection",
        "5" => "process_termination",
        "6" => "driver_load",
        "7" => "image_load",
        "8" => "create_remote_thread",
        "9" => "raw_access_thread",
        "10" => "process_access",
        "11" => "file_event",
        "12" => "registry_event",
        "13" => "registry_set",
        "14" => "registry_rename",
        "15" => "create_stream_hash",
        "17" or "18" => "pipe_created",
        "19" or "20" or "21" => "wmi_event",
        "22" => "dns_query",
        "23" or "26" => "file_delete",
        "25" => "process_tampering",
        _ => null,
    };
}
