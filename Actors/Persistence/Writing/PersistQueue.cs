using Picket.Actors.Cells;

namespace Picket.Actors.Persistence.Writing;

/// <summary>
/// What an incarnation has persisted and not yet seen answered: numbers, handlers and the one write under way. Answers come in the
/// order of the calls, so that the handlers need no list.
/// </summary>
internal sealed class PersistQueue(Eventsourced owner, PersistenceExtension extension, IActorRef self)
{
    private static readonly Invocation[] NoOthers = [];

    private readonly string _writer = Guid.NewGuid().ToString();
    private List<WriteEntry> _gathered = [];
    private bool _writing;

    /// <summary>The last number given out.</summary>
    public long SequenceNr { get; set; }

    /// <summary>Handlers that wait.</summary>
    public int Pending { get; private set; }

    /// <summary>Those among them for which commands wait.</summary>
    public int Stashing { get; private set; }

    public void Persist<TEvent>(TEvent @event, Action<TEvent>? handler, bool stashing)
    {
        var written = Number(@event);
        Add(new WriteEntry(new AtomicWrite(written),
            new EventInvocation<TEvent>(owner, written, stashing, Sender, @event, handler), NoOthers));
    }

    public void Persist<TEvent>(TEvent @event, Func<TEvent, Task> handler, bool stashing)
    {
        var written = Number(@event);
        Add(new WriteEntry(new AtomicWrite(written),
            new EventTaskInvocation<TEvent>(owner, written, stashing, Sender, @event, handler), NoOthers));
    }

    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Func<TEvent, Persistent, Invocation> handled)
    {
        var writes = new List<Persistent>();
        var invocations = new List<Invocation>();
        foreach (var @event in events)
        {
            var written = Number(@event);
            writes.Add(written);
            invocations.Add(handled(@event, written));
        }

        if (writes.Count > 0) Add(new WriteEntry(new AtomicWrite(writes), invocations[0], [.. invocations.Skip(1)]));
    }

    public void Defer(Invocation invocation) => Add(new WriteEntry(null, invocation, NoOthers));

    /// <summary>Gives the journal what has gathered, unless it has not answered the write before.</summary>
    public void Flush()
    {
        if (_writing || _gathered.Count == 0) return;
        var request = new WriteRequest(self, owner.PersistenceId, _gathered);
        _gathered = [];
        _writing = true;
        extension.Write(request);
    }

    /// <summary>The write under way has been answered.</summary>
    public void EndWrite()
    {
        _writing = false;
        Flush();
    }

    /// <summary>A handler has been dealt with.</summary>
    public void Settle(Invocation invocation)
    {
        Pending--;
        if (invocation.Stashing) Stashing--;
    }

    /// <summary>Sender of the command being handled, or null.</summary>
    public static IActorRef? Sender => ActorCell.Current!.SenderOrNull;

    private Persistent Number<TEvent>(TEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return new Persistent(@event, ++SequenceNr, owner.PersistenceId, writerGuid: _writer, timestamp: extension.Now.Ticks);
    }

    private void Add(WriteEntry entry)
    {
        _gathered.Add(entry);
        Pending += 1 + entry.Others.Length;
        if (entry.First.Stashing) Stashing += 1 + entry.Others.Length;
    }
}
