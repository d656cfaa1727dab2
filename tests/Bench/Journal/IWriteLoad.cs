namespace Picket.Bench.Journal;

/// <summary>One way to store events durably.</summary>
internal interface IWriteLoad : IAsyncDisposable
{
    /// <summary>Stores events of 200 bytes for at least that long, so many at once, and waits until the last is durable.</summary>
    /// <returns>Events in a second.</returns>
    Task<double> RateAsync(int atOnce, TimeSpan time);
}
