using System.Globalization;

namespace Picket.Node.Self;

/// <summary>Times in what the node and its guard say of themselves.</summary>
internal static class NoticeTime
{
    /// <summary>RFC 3339 in UTC, to the millisecond.</summary>
    public static string Of(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
