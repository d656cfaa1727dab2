using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Picket.Detection.Events;

namespace Picket.Sensors.Replay;

/// <summary>
/// Finds out when a replayed record happened: ECS's <c>@timestamp</c>, Sysmon's <c>UtcTime</c>, the channel's <c>SystemTime</c>, or what
/// clouds, shippers and stores call it, as a date or as a number since 1970.
/// </summary>
internal static class RecordTime
{
    private static readonly FieldId[] Names =
    [
        FieldTable.Intern("@timestamp"), FieldTable.Intern("UtcTime"), FieldTable.Intern("TimeCreated"), FieldTable.Intern("SystemTime"),
        FieldTable.Intern("EventTime"), FieldTable.Intern("TimeCreated_SystemTime"), FieldTable.Intern("winlog.time_created"),
        FieldTable.Intern("timestamp"), FieldTable.Intern("Timestamp"), FieldTable.Intern("eventTime"),
        FieldTable.Intern("TimeGenerated"), FieldTable.Intern("CreationTime"), FieldTable.Intern("_time"), FieldTable.Intern("time"),
        FieldTable.Intern("ts"),
    ];

    /// <summary>1980 in seconds: a smaller number is a duration or a counter.</summary>
    private const decimal Earliest = 315_532_800;

    /// <summary>2200 in seconds.</summary>
    private const decimal Latest = 7_258_118_400;

    /// <summary>So many units make a second, from the finest on: a number is in the finest that puts it behind 1980.</summary>
    private static readonly decimal[] UnitsPerSecond = [1e9m, 1e6m, 1e3m, 1];

    private static readonly FieldId UtcTime = Names[1];
    private static readonly byte[] Ranks = RanksOf(Names);

    /// <summary>Nanoseconds since 1970 UTC; 0 when the record does not say, or not in a form that is a time.</summary>
    public static ulong Of(in EventView view) // hot
    {
        var best = byte.MaxValue;
        ReadOnlySpan<byte> text = default;
        var ranks = Ranks;
        foreach (ref readonly var entry in view.Entries)
        {
            var field = entry.Id.Value;
            if (field >= ranks.Length || ranks[field] >= best) continue;
            best = ranks[field];
            text = view.ValueOf(entry).Text;
        }

        if (best == byte.MaxValue) return 0;
        return TryIso(text, out var time) ? time : OfAnyForm(view);
    }

    /// <summary>When it happened by Sysmon's own word, which is before it was logged; 0 when the record does not say.</summary>
    public static ulong OfEvent(in EventView view) => TryIso(view.First(UtcTime).Text, out var time) ? time : 0; // hot

    /// <summary>
    /// A time of RFC 3339 in UTC, or with a blank and no zone, which is UTC then: what nearly all records have. False for what it leaves to
    /// the general reader.
    /// </summary>
    internal static bool TryIso(ReadOnlySpan<byte> text, out ulong time) // hot
    {
        time = 0;
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':'
            || text[16] != ':')
        {
            return false;
        }

        if (!Number(text[..4], out var year) || !Number(text[5..7], out var month) || !Number(text[8..10], out var day)
            || !Number(text[11..13], out var hour) || !Number(text[14..16], out var minute) || !Number(text[17..19], out var second))
        {
            return false;
        }

        if (year is < 1970 or > 2200 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        // Ticks are what the general reader knows; more digits it rounds.
        var rest = text[19..];
        var ticks = 0;
        if (rest.Length > 1 && rest[0] == '.')
        {
            var digits = 1;
            while (digits < rest.Length && rest[digits] is >= (byte)'0' and <= (byte)'9') digits++;
            if (digits is 1 or > 8 || !Number(rest[1..digits], out ticks)) return false;
            for (var i = digits; i < 8; i++) ticks *= 10;
            rest = rest[digits..];
        }

        if (!(rest.IsEmpty || (rest.Length == 1 && rest[0] == 'Z'))) return false;
        var days = (ulong)(new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks);
        time = (days + (ulong)ticks + ((ulong)((hour * 3600) + (minute * 60) + second) * (ulong)TimeSpan.TicksPerSecond)) * 100;
        return true;
    }

    private static ulong OfAnyForm(in EventView view)
    {
        Span<char> chars = stackalloc char[40];
        foreach (var name in Names)
        {
            var text = view.First(name).Text;
            if (text.Length is < 9 or > 40) continue;
            if (TryNumber(text, out var since)) return since;

            // A time of the day alone would be one of today's.
            if (text[1] == ':' || text[2] == ':') continue;
            if (TryIso(text, out since)) return since;
            if (!Encoding.UTF8.TryGetChars(text, chars, out var length)) continue;
            if (DateTimeOffset.TryParse(chars[..length], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                && time >= DateTimeOffset.UnixEpoch)
            {
                return (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;
            }
        }

        return 0;
    }

    /// <summary>A number of seconds, milliseconds, microseconds or nanoseconds since 1970.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> text, out ulong time)
    {
        time = 0;
        if (!Utf8Parser.TryParse(text, out decimal number, out var used) || used != text.Length) return false;
        foreach (var units in UnitsPerSecond)
        {
            if (number / units < Earliest) continue;
            if (number / units > Latest) return false;
            time = (ulong)(number / units * 1_000_000_000m);
            return true;
        }

        return false;
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int number) // hot
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            number = (number * 10) + digit - '0';
        }

        return true;
    }

    private static byte[] RanksOf(FieldId[] names)
    {
        var ranks = new byte[names.Max(name => name.Value) + 1];
        Array.Fill(ranks, byte.MaxValue);
        for (var i = 0; i < names.Length; i++) ranks[names[i].Value] = (byte)i;
        return ranks;
    }
}
