namespace Picket.Actors.Persistence.Writing;

/// <summary>What one actor gives the journal at once. It gives no other before this one has been answered.</summary>
internal sealed class WriteRequest(IActorRef actor, string persistenceId, List<WriteEntry> entries)
{
    public IActorRef Actor => actor;

    public string PersistenceId => persistenceId;

    public List<WriteEntry> Entries => entries;

    /// <summary>Events in it.</summary>
    public int Events { get; } = entries.Sum(static entry => entry.Write?.Size ?? 0);

    /// <summary>Bytes in it as far as they are known without serialising.</summary>
    public long Bytes { get; } = entries.Sum(static entry => entry.Write?.Payload.Sum(static e => BytesOf(e.Payload)) ?? 0);

    private static long BytesOf(object payload) => payload switch
    {
        string text => text.Length,
        byte[] bytes => bytes.Length,
        _ => 0,
    };
}
