namespace Picket.Bench.Journal;

/// <summary>One way to store events durably.</summary>
internal interface IWriteLoad : IAsyncDisposable
{
    /// <summary>What a column of the result is called.</summary>
    string Name { get; }

    /// <summary>Stores events of 200 bytes for at least that long, batch after batch, and waits until the last is durable.</summary>
    /// <returns>Events in a second, and in a commit.</returns>
    Task<WriteRate> RateAsync(WriteShape shape, TimeSpan time);
}
