using System.Text;
using Picket.Detection.Events;

namespace Picket.Spec.Sigma;

/// <summary>Makes batches of events for rules.</summary>
internal static class SigmaEvents
{
    private static readonly EventSource Source = new("test", "", null, 0);

    public static EventBatch Batch(int records = 8)
    {
        var batch = new EventBatch(records, 1 << 16);
        batch.Begin(Source, null);
        return batch;
    }

    /// <summary>One event with text values; null is a null value.</summary>
    public static EventBatch Of(params (string Field, string? Value)[] fields)
    {
        var batch = Batch();
        Add(batch, EventRoute.Any, fields);
        return batch;
    }

    /// <summary>One event with raw bytes.</summary>
    public static EventBatch OfBytes(params (string Field, byte[] Value)[] fields)
    {
        var batch = Batch();
        batch.Add(EventKind.Unknown);
        foreach (var (field, value) in fields) batch.AddText(FieldTable.Intern(field), value);
        return batch;
    }

    public static void Add(EventBatch batch, EventRoute route, IEnumerable<(string Field, string? Value)> fields, EventKind kind = EventKind.Unknown)
    {
        ref var record = ref batch.Add(kind);
        record.Route = route;
        foreach (var (field, value) in fields)
        {
            var id = field.Length == 0 ? FieldId.Unnamed : FieldTable.Intern(field);
            if (value is null) batch.AddField(id, FieldKind.Null, 0, 0);
            else batch.AddText(id, Encoding.UTF8.GetBytes(value));
        }
    }
}
