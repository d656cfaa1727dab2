using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Logs;
using Picket.Spec.Journal;

namespace Picket.Spec.Logs;

/// <summary>Makes records of lines as the sensor does, and reads their fields.</summary>
internal static class Lines
{
    private static readonly EventSource Source = new("logs", "test", null, 0) { Log = "/var/log/test.log" };

    /// <summary>The batch with the one record of a line of a file of this service.</summary>
    public static EventBatch Record(string service, byte[] line)
    {
        var batch = new EventBatch(4, 64 * 1024);
        batch.Begin(Source, null);
        Assert.True(new LineDecoder(new ManualClock()).Decode(batch, new LogService(service), line, 0, EventFlags.None));
        return batch;
    }

    public static EventBatch Record(string service, string line) => Record(service, Encoding.UTF8.GetBytes(line));

    /// <summary>All values of a field; <c>null</c> stands for one that says so.</summary>
    public static IReadOnlyList<string> All(EventBatch batch, string field, int record = 0)
    {
        var values = new List<string>();
        foreach (var value in batch.View(record).All(FieldTable.Intern(field)))
            values.Add(value.Kind == FieldKind.Null ? "null" : Encoding.UTF8.GetString(value.Text));
        return values;
    }

    /// <summary>The first value; empty when there is none.</summary>
    public static string First(EventBatch batch, string field, int record = 0) =>
        Encoding.UTF8.GetString(batch.View(record).First(FieldTable.Intern(field)).Text);
}
