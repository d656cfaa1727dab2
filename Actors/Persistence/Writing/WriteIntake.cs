namespace Picket.Actors.Persistence.Writing;

/// <summary>
/// Where actors leave their writes while another is under way: the group of the next commit. It is no mailbox, so that what was accepted
/// outlives the journal actor and is stored when the system ends. Any thread may use it.
/// </summary>
internal sealed class WriteIntake
{
    private readonly Lock _sync = new();
    private readonly Queue<WriteRequest> _waiting = [];

    public bool IsEmpty
    {
        get
        {
            lock (_sync) return _waiting.Count == 0;
        }
    }

    /// <summary>True when it was empty: then the journal actor must be told.</summary>
    public bool Add(WriteRequest request)
    {
        lock (_sync)
        {
            _waiting.Enqueue(request);
            return _waiting.Count == 1;
        }
    }

    /// <summary>Takes the oldest up to the bounds, at least one; none when there is none.</summary>
    public List<WriteRequest> Take(int maxEvents, long maxBytes)
    {
        var taken = new List<WriteRequest>();
        lock (_sync)
        {
            while (_waiting.TryPeek(out var next))
            {
                maxEvents -= next.Events;
                maxBytes -= next.Bytes;
                if (taken.Count > 0 && (maxEvents < 0 || maxBytes < 0)) break;
                taken.Add(_waiting.Dequeue());
            }
        }

        return taken;
    }

    public bool Contains(string persistenceId)
    {
        lock (_sync)
        {
            foreach (var request in _waiting)
            {
                if (request.PersistenceId == persistenceId) return true;
            }
        }

        return false;
    }
}
