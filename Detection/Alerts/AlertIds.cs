using Picket.Detection.Events;

namespace Picket.Detection.Alerts;

/// <summary>
/// The ids of events and alerts. A sensor that delivers an event twice, a node that dies between match and outbox, a replay
/// of the same file under another name: all give the ids that they gave before.
/// </summary>
public static class AlertIds
{
    /// <summary>
    /// The id of an event. A replayed record is its number and its bytes, a line of a log is that and its file; any other live one is
    /// the boot it happened in, its kind, its process and its time.
    /// </summary>
    public static StableId OfEvent(in EventView view)
    {
        ref readonly var record = ref view.Record;
        if (record.RawLength > 0)
        {
            using var replayed = new StableHash("picket.record.1");
            replayed.AddNumber(record.Sequence).Add(view.Raw);
            return (view.Source.Origin.Length > 0 ? replayed.Add(view.Source.Origin) : replayed).Finish();
        }

        using var live = new StableHash("picket.event.1");
        live.Add(view.Source.Origin).AddNumber((ulong)record.Kind).AddNumber(record.Key.StartNs)
            .AddNumber((uint)record.Key.Pid).AddNumber(record.TimeNs);

        // Without a boot id and without a time nothing else tells two events apart.
        if (record.TimeNs == 0 || view.Source.Origin.Length == 0) live.AddNumber(record.Sequence);
        return live.Finish();
    }

    /// <summary>The id of the alert that a rule makes of events, in their order.</summary>
    public static StableId OfAlert(AlertRule rule, ReadOnlySpan<StableId> events)
    {
        using var hash = new StableHash("picket.alert.1");
        hash.Add(rule.Id).Add(rule.ContentHash).AddNumber((ulong)events.Length);
        foreach (var id in events) hash.Add(id);
        return hash.Finish();
    }
}
