using Picket.Actors.Persistence.Journal;

namespace Picket.Actors.Persistence.Writing;

/// <summary>One commit: what several actors gave, and how each of them is answered.</summary>
internal sealed class WriteBatch(List<WriteRequest> requests)
{
    private int _answered;
    private volatile bool _late;

    /// <summary>The writes in order. A journal that is given none is not asked.</summary>
    public List<AtomicWrite> Writes { get; } =
        [.. requests.SelectMany(static request => request.Entries).Select(static entry => entry.Write).OfType<AtomicWrite>()];

    /// <summary>True when the actors were told that it failed because the store needs too long; it may not have ended.</summary>
    public bool IsLate => _late;

    public bool Contains(string persistenceId) => requests.Exists(request => request.PersistenceId == persistenceId);

    /// <summary>Answers all actors, each handler by a message of its own, in the order of their calls.</summary>
    public void Answer(IReadOnlyList<Exception?> results)
    {
        if (Interlocked.Exchange(ref _answered, 1) != 0) return;
        var at = 0;
        foreach (var request in requests)
        {
            var from = at;
            at += request.Entries.Count(static entry => entry.Write is not null);
            Answer(request, results, from, at);
        }
    }

    /// <summary>Nothing is known of any of the writes. Their actors stop at the first, so that nothing deferred behind it is called.
    /// </summary>
    public void Fail(Exception cause)
    {
        if (Interlocked.Exchange(ref _answered, 1) != 0) return;
        foreach (var request in requests)
        {
            foreach (var entry in request.Entries) Tell(request, entry, entry.Write is null ? Outcome.Done : Outcome.Failed, cause);
        }
    }

    /// <summary>As <see cref="Fail"/>, unless the answer has come after all.</summary>
    public void FailLate(Exception cause)
    {
        if (Volatile.Read(ref _answered) != 0) return;
        _late = true;
        Fail(cause);
    }

    private static void Answer(WriteRequest request, IReadOnlyList<Exception?> results, int from, int to)
    {
        var failed = false;
        for (var i = from; i < to; i++) failed |= results[i] is JournalConflictException;
        request.Entries[0].First.EndsWrite = !failed;
        foreach (var entry in request.Entries)
        {
            var cause = entry.Write is null ? null : results[from++];
            var outcome = cause switch
            {
                null => Outcome.Done,
                JournalConflictException => Outcome.Failed,
                _ => Outcome.Rejected,
            };
            Tell(request, entry, outcome, cause);
        }
    }

    private static void Tell(WriteRequest request, WriteEntry entry, Outcome outcome, Exception? cause)
    {
        Tell(request.Actor, entry.First, outcome, cause);
        foreach (var other in entry.Others) Tell(request.Actor, other, outcome, cause);
    }

    private static void Tell(IActorRef actor, Invocation invocation, Outcome outcome, Exception? cause)
    {
        invocation.Outcome = outcome;
        invocation.Cause = cause;
        actor.Owe(invocation, invocation.Sender);
    }
}
