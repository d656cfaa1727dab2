using System.Globalization;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>Times as documents carry them.</summary>
internal static class EcsTime
{
    private const long Second = 1_000_000_000;

    /// <summary>ISO 8601 in UTC with nanoseconds, from nanoseconds since 1970.</summary>
    internal static string Format(long sinceEpochNs)
    {
        var seconds = Math.DivRem(sinceEpochNs, Second, out var rest);
        if (rest < 0)
        {
            seconds--;
            rest += Second;
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"{DateTimeOffset.FromUnixTimeSeconds(seconds):yyyy-MM-ddTHH:mm:ss}.{rest:000000000}Z");
    }

    /// <summary>Nanoseconds since 1970, to the clock's 100 ns.</summary>
    internal static long Now(TimeProvider time) => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
}
