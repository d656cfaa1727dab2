using System.Globalization;
using System.Text;
using Picket.Detection.Events;

namespace Picket.Sensors.Replay;

/// <summary>
/// Finds out when a replayed record happened: ECS's <c>@timestamp</c>, Sysmon's <c>UtcTime</c>, or the channel's
/// <c>SystemTime</c>.
/// </summary>
internal static class RecordTime
{
    private static readonly FieldId[] Names =
    [
        FieldTable.Intern("@timestamp"), FieldTable.Intern("UtcTime"), FieldTable.Intern("TimeCreated"), FieldTable.Intern("SystemTime"),
        FieldTable.Intern("EventTime"), FieldTable.Intern("Event.System.TimeCreated.#attributes.SystemTime"),
    ];

    /// <summary>Nanoseconds since 1970 UTC; 0 when the record does not say, or not in a form that is a time.</summary>
    public static ulong Of(in EventView view)
    {
        Span<char> chars = stackalloc char[40];
        foreach (var name in Names)
        {
            var text = view.First(name).Text;
            if (text.Length is < 10 or > 40) continue;
            if (!Encoding.UTF8.TryGetChars(text, chars, out var length)) continue;
            if (DateTimeOffset.TryParse(chars[..length], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                && time >= DateTimeOffset.UnixEpoch)
            {
                return (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;
            }
        }

        return 0;
    }
}
