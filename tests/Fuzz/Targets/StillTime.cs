namespace Picket.Fuzz.Targets;

/// <summary>Always the same moment, in a zone that is not UTC: an input is read alike whenever it is.</summary>
internal sealed class StillTime : TimeProvider
{
    /// <summary>The moment.</summary>
    public static readonly DateTimeOffset Moment = new(2026, 11, 22, 3, 4, 5, TimeSpan.Zero);

    public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("still", TimeSpan.FromMinutes(90), null, null);

    public override DateTimeOffset GetUtcNow() => Moment;

    public override long GetTimestamp() => 1;
}
