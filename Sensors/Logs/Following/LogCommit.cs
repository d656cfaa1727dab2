using Picket.Detection.Events;

namespace Picket.Sensors.Logs.Following;

/// <summary>
/// Moves the positions in order, and only behind batches that are completed: matched, with their alerts in the outbox. What a killed
/// node had not finished is read again by its successor.
/// </summary>
internal sealed class LogCommit(BatchPool pool) : IBatchOwner
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Track, Queue<Pending>> _pending = [];
    private readonly Dictionary<EventBatch, Pending> _open = [];
    private Action? _emptied;
    private bool _moved;

    /// <summary>Notes that <paramref name="batch"/> ends at a position of <paramref name="track"/>, just before it is sent.</summary>
    public void Register(EventBatch batch, Track track, long position, string? cursor = null)
    {
        lock (_gate)
        {
            var pending = new Pending(track, position, cursor);
            if (!_pending.TryGetValue(track, out var queue)) _pending[track] = queue = new Queue<Pending>();
            queue.Enqueue(pending);
            _open.Add(batch, pending);
            track.Handed = position;
            track.HandedCursor = cursor ?? track.HandedCursor;
        }
    }

    /// <inheritdoc/>
    public void OnCompleted(EventBatch batch)
    {
        Action? emptied = null;
        lock (_gate)
        {
            // A batch that was never registered carried nothing, or its reader failed while filling it.
            if (_open.Remove(batch, out var own))
            {
                own.Done = true;
                Advance(own.Track);
            }

            if (_open.Count == 0) (emptied, _emptied) = (_emptied, null);
        }

        pool.Return(batch);
        emptied?.Invoke();
    }

    /// <summary>Whether nothing of the track is under way.</summary>
    public bool IsSettled(Track track)
    {
        lock (_gate) return !_pending.ContainsKey(track);
    }

    /// <summary>Calls <paramref name="then"/> once nothing is under way, at once or on the thread that completes the last batch.</summary>
    public void WhenEmpty(Action then)
    {
        lock (_gate)
        {
            if (_open.Count > 0)
            {
                _emptied = then;
                return;
            }
        }

        then();
    }

    /// <summary>Whether a position has moved since <see cref="TakeMoved"/>, or is about to.</summary>
    public bool IsMoving
    {
        get
        {
            lock (_gate) return _moved || _open.Count > 0;
        }
    }

    /// <summary>Whether a position has moved since the last call.</summary>
    public bool TakeMoved()
    {
        lock (_gate)
        {
            var moved = _moved;
            _moved = false;
            return moved;
        }
    }

    private void Advance(Track track)
    {
        var queue = _pending[track];
        while (queue.TryPeek(out var oldest) && oldest.Done)
        {
            track.Committed = oldest.Position;
            track.Cursor = oldest.Cursor ?? track.Cursor;
            queue.Dequeue();
            _moved = true;
        }

        if (queue.Count == 0) _pending.Remove(track);
    }

    private sealed class Pending(Track track, long position, string? cursor)
    {
        public Track Track { get; } = track;

        public long Position { get; } = position;

        public string? Cursor { get; } = cursor;

        public bool Done { get; set; }
    }
}
