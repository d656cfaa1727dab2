namespace Picket.Sensors.Logs.Syslog;

/// <summary>Reads the times that log lines begin with. Those without a zone are in the host's, those without a year in the last one
/// that fits.</summary>
internal sealed class LineTime(TimeProvider time)
{
    private const long NanosPerTick = 100;

    /// <summary>The years whose every moment is a number of nanoseconds since 1970 that 63 bits hold.</summary>
    private const int FirstYear = 1970, LastYear = 2261;

    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    private static ReadOnlySpan<byte> Days => "SunMonTueWedThuFriSat"u8;

    /// <summary><c>Nov 21 15:30:25</c>, as RFC 3164 has it; bytes read, 0 when it is none.</summary>
    public int Traditional(ReadOnlySpan<byte> text, out ulong sinceEpochNs) // hot
    {
        const int Length = 15;
        sinceEpochNs = 0;
        if (text.Length < Length || !TryMonth(text, out var month) || text[3] != ' ' || text[6] != ' ') return 0;
        if (!TryDay(text[4..], out var day) || !TryClock(text[7..], out var clock)) return 0;
        var now = time.GetUtcNow();

        // A line of the coming day may be of a clock that is a little ahead; one of later is last year's.
        var latest = now.UtcDateTime.AddDays(1);
        for (var year = latest.Year; year >= latest.Year - 8; year--)
        {
            if (day > DateTime.DaysInMonth(year, month)) continue;
            var local = new DateTime(year, month, day).Add(clock);
            if (local > latest) continue;
            sinceEpochNs = Local(local);
            return Length;
        }

        return 0;
    }

    /// <summary><c>Sat Nov 21 15:30:25 2026</c>, as ctime(3) has it; bytes read, 0 when it is none.</summary>
    public int CTime(ReadOnlySpan<byte> text, out ulong sinceEpochNs) // hot
    {
        const int Length = 24;
        sinceEpochNs = 0;
        if (text.Length < Length || text[3] != ' ' || Days.IndexOf(text[..3]) % 3 != 0 || text[10] != ' ' || text[19] != ' ') return 0;
        if (!TryMonth(text[4..], out var month) || !TryDay(text[8..], out var day) || !TryClock(text[11..], out var clock)) return 0;
        if (!TryDigits(text.Slice(20, 4), out var year) || year is < FirstYear or > LastYear) return 0;
        if (day > DateTime.DaysInMonth(year, month)) return 0;
        sinceEpochNs = Local(new DateTime(year, month, day).Add(clock));
        return Length;
    }

    /// <summary><c>2026-11-21T15:30:25.123456+01:00</c>, as RFC 3339 has it; bytes read, 0 when it is none.</summary>
    public static int Iso(ReadOnlySpan<byte> text, out ulong sinceEpochNs) // hot
    {
        sinceEpochNs = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T') return 0;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text.Slice(5, 2), out var month) || !TryDigits(text.Slice(8, 2), out var day))
            return 0;
        if (!TryClock(text[11..], out var clock)) return 0;
        if (year is < FirstYear or > LastYear || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return 0;
        var at = 19;
        var nanos = 0L;
        if (text[at] == '.')
        {
            var unit = 100_000_000L;
            for (at++; at < text.Length && char.IsAsciiDigit((char)text[at]); at++, unit /= 10) nanos += (text[at] - '0') * unit;
        }

        if (!TryZone(text[at..], out var offset, out var length)) return 0;
        var ticks = new DateTime(year, month, day).Add(clock).Ticks - offset.Ticks - DateTime.UnixEpoch.Ticks;
        if (ticks < 0) return 0;
        sinceEpochNs = (ulong)((ticks * NanosPerTick) + nanos);
        return at + length;
    }

    private ulong Local(DateTime local)
    {
        var ticks = local.Ticks - time.LocalTimeZone.GetUtcOffset(local).Ticks - DateTime.UnixEpoch.Ticks;
        return ticks < 0 ? 0 : (ulong)(ticks * NanosPerTick);
    }

    private static bool TryZone(ReadOnlySpan<byte> text, out TimeSpan offset, out int length)
    {
        (offset, length) = (TimeSpan.Zero, 1);
        if (text.IsEmpty) return false;
        if (text[0] == 'Z') return true;
        length = 6;
        if (text[0] is not ((byte)'+' or (byte)'-') || text.Length < length || text[3] != ':') return false;
        if (!TryDigits(text.Slice(1, 2), out var hours) || !TryDigits(text.Slice(4, 2), out var minutes)) return false;
        if (hours > 14 || minutes > 59) return false;
        offset = new TimeSpan(hours, minutes, 0);
        if (text[0] == '-') offset = -offset;
        return true;
    }

    private static bool TryMonth(ReadOnlySpan<byte> text, out int month)
    {
        var at = Months.IndexOf(text[..3]);
        month = (at / 3) + 1;
        return at >= 0 && at % 3 == 0;
    }

    /// <summary>Two places, the first perhaps a blank.</summary>
    private static bool TryDay(ReadOnlySpan<byte> text, out int day) =>
        TryDigits(text[0] == ' ' ? text.Slice(1, 1) : text[..2], out day) && day is >= 1 and <= 31;

    private static bool TryClock(ReadOnlySpan<byte> text, out TimeSpan clock)
    {
        clock = default;
        if (text.Length < 8 || text[2] != ':' || text[5] != ':') return false;
        if (!TryDigits(text[..2], out var hours) || !TryDigits(text.Slice(3, 2), out var minutes)) return false;
        if (!TryDigits(text.Slice(6, 2), out var seconds) || hours > 23 || minutes > 59 || seconds > 60) return false;
        clock = new TimeSpan(hours, minutes, seconds);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            number = (number * 10) + digit - '0';
        }

        return text.Length > 0;
    }
}
