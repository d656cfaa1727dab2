using Picket.Detection.Events;
using Picket.Detection.Events.Journal;

namespace Picket.Detection.Context.Spill;

/// <summary>
/// One shard's bulk records that wait on disk: written by the context stage, worked off in their order by the lane's actor. It
/// outlives both, and what is in it outlives the node: the ring may forget a record once it is in here. With the disk's bound
/// reached it holds batches instead, so that the pool runs out of credit and events wait in the ring.
/// </summary>
public sealed class SpillLane : IBatchOwner, IDisposable
{
    /// <summary>Ways out of the lane, as indexes into <see cref="Stage"/>.</summary>
    internal const int WorkedOff = 0, Damaged = 1;

    private const int FrameRecords = 512;
    private const int Batches = 2;
    private const int BatchBytes = 256 * 1024;
    private const long SegmentBytes = 8 << 20;
    private const int MaxRecordBytes = 4 << 20;

    private readonly Lock _gate = new();
    private readonly SegmentJournal _journal;
    private readonly JournalReader _reader;
    private readonly LateHashes _late = new();
    private readonly SpillFrame _frame;
    private readonly Queue<EventSlice> _held = new();
    private readonly Queue<SpillPassage> _underWay = new();
    private readonly long _leftover;
    private BatchPool? _pool;
    private long _handed;
    private long _waiting;
    private long _heldRecords;
    private bool _inHand;

    private SpillLane(int shard, SegmentJournal journal)
    {
        Shard = shard;
        _frame = new SpillFrame(_late);
        _journal = journal;
        _reader = journal.OpenReader($"shard-{shard}");
        _leftover = journal.End;
        _handed = _reader.Position;
        IsSpilling = _handed != _leftover;
        Stage = new LedgerStage($"spill-{shard}", "worked-off", "damaged");
        Edge = new LedgerEdge($"spill-{shard}->shard-{shard}");
    }

    /// <summary>The shard's number.</summary>
    public int Shard { get; }

    /// <summary>The lane's own line of the ledger.</summary>
    public LedgerStage Stage { get; }

    /// <summary>The edge to the shard.</summary>
    public LedgerEdge Edge { get; }

    /// <summary>Whether the shard's bulk records go through the lane. Set and read by the context stage only.</summary>
    public bool IsSpilling { get; set; }

    /// <summary>When that began, and what had entered the lane by then.</summary>
    internal (DateTimeOffset At, long Entered, long Damaged) Began { get; set; }

    /// <summary>Whether everything that entered has been handed to the shard.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_gate) return _handed == _journal.End && _held.Count == 0 && !_inHand;
        }
    }

    /// <summary>Whether, beyond that, the engines are done with all of it, and its alerts are in the outbox.</summary>
    public bool IsWorkedOff
    {
        get
        {
            lock (_gate) return IsDrained && _underWay.All(passage => passage.Done);
        }
    }

    /// <summary>Records that wait.</summary>
    public long Waiting
    {
        get
        {
            lock (_gate) return _waiting + _heldRecords;
        }
    }

    /// <summary>Opens the lane of a shard in <paramref name="folder"/>; what an earlier run left there is worked off first.</summary>
    /// <exception cref="JournalFormatException">The folder holds something else.</exception>
    /// <exception cref="IOException">The folder cannot be used, or another process has it.</exception>
    public static SpillLane Open(IFileSpace files, string folder, int shard, long maxBytes, TimeProvider time)
    {
        var options = new JournalOptions
        {
            Kind = "spill",
            SegmentBytes = SegmentBytes,
            MaxBytes = Math.Max(maxBytes, 4 * SegmentBytes),
            MaxRecordBytes = MaxRecordBytes,
            Sync = SyncPolicy.None,
        };
        return new SpillLane(shard, SegmentJournal.Open(files, folder, options, time));
    }

    /// <summary>Takes records of a batch, in their order. Called by the context stage only.</summary>
    /// <returns>Whether they are on disk; else they hold their batch until they are worked off.</returns>
    public bool Take(EventBatch batch, ReadOnlySpan<int> indexes)
    {
        var onDisk = true;
        for (var at = 0; at < indexes.Length; at += FrameRecords)
        {
            var part = indexes.Slice(at, Math.Min(FrameRecords, indexes.Length - at));
            lock (_gate)
            {
                Stage.Enter(part.Length);
                if (_held.Count == 0 && TryAppend(batch, part))
                {
                    _waiting += part.Length;
                    continue;
                }

                _held.Enqueue(EventSlice.Lend(batch, part, Edge));
                _heldRecords += part.Length;
                onDisk = false;
            }
        }

        return onDisk;
    }

    /// <summary>What the shard is to be told next; null when there is nothing, or enough is under way.</summary>
    /// <param name="damage">Says that records could not be read back; null when none.</param>
    internal EventSlice? TryNext(out string? damage)
    {
        damage = null;
        lock (_gate)
        {
            Settle();
            if (_underWay.Count == Batches) return null;
            while (_reader.TryPeek(long.MaxValue, out var frame, out var next))
            {
                var slice = Read(frame, next, ref damage);
                _reader.Advance(next);
                if (slice is null) continue;
                return Give(slice);
            }

            _handed = _reader.Position;
            if (_waiting > 0 && _handed == _journal.End)
            {
                damage = $"{_waiting} records were in {_reader.DamagedBytes} bytes that are no frames any more";
                Stage.Leave(Damaged, _waiting);
                _waiting = 0;
            }

            if (!_held.TryDequeue(out var held)) return null;
            _heldRecords -= held.Count;
            Stage.Leave(WorkedOff, held.Count);
            return Give(held);
        }
    }

    /// <summary>Notes that what <see cref="TryNext"/> gave is in the shard's mailbox: what comes later stays behind it.</summary>
    internal void Told()
    {
        lock (_gate)
        {
            _handed = _reader.Position;
            _inHand = false;
        }
    }

    /// <summary>The lane's line at a barrier, and what had been given to the shard by then. Asked by who gives it.</summary>
    internal (LedgerReport Report, long Given) At(long barrier)
    {
        lock (_gate) return (LedgerReport.At(barrier, Stage, _waiting + _heldRecords), Edge.Given - _heldRecords);
    }

    /// <inheritdoc/>
    public void OnCompleted(EventBatch batch)
    {
        lock (_gate)
        {
            foreach (var passage in _underWay)
            {
                if (passage.Batch == batch) passage.Done = true;
            }

            // Who sees a passage done counts on its batch: both are seen at once.
            _pool!.Return(batch);
        }

        Completed?.Invoke();
    }

    /// <summary>Called when a batch has been worked off, on whatever thread.</summary>
    internal Action? Completed { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            while (_held.TryDequeue(out var held)) held.Release();
            Settle();
            _reader.Dispose();
            _journal.Dispose();
        }
    }

    private EventSlice Give(EventSlice slice)
    {
        _inHand = true;
        return slice;
    }

    /// <summary>Keeps on disk how far the shard has come, and gives up what it is done with.</summary>
    private void Settle()
    {
        var before = _reader.Committed;
        var position = before;
        while (_underWay.TryPeek(out var oldest) && oldest.Done) position = _underWay.Dequeue().End;
        if (position != before) _reader.Commit(position, sync: false);
        if (_underWay.Count == 0 && _handed == _journal.End && _journal.Bytes > SegmentBytes) _journal.Trim(_reader.Committed);
    }

    private bool TryAppend(EventBatch batch, ReadOnlySpan<int> indexes)
    {
        var frame = _frame.Write(batch, indexes);
        return frame.Length <= MaxRecordBytes && _journal.TryAppend(frame, out _) == AppendOutcome.Done;
    }

    private EventSlice? Read(ReadOnlySpan<byte> frame, long next, ref string? damage)
    {
        int count;
        EventSource source;
        try
        {
            count = SpillFrame.CountOf(frame, out source);
        }
        catch (IOException e)
        {
            // How many records it had shows at the lane's end.
            damage = e.Message;
            return null;
        }

        // Counted only with the batch in hand: a frame whose reading fails here is read again.
        _pool ??= new BatchPool(Batches, FrameRecords, BatchBytes);
        if (!_pool.TryRent(out var batch)) throw new InvalidOperationException("a lane's batches do not come back");
        var earlier = next <= _leftover;
        if (earlier) Stage.Enter(count);
        else _waiting -= count;
        _underWay.Enqueue(new SpillPassage(batch, next));
        batch.Begin(source, this);
        try
        {
            SpillFrame.Read(frame, batch, earlier ? EventFlags.Redelivered : EventFlags.None, _late);
            Stage.Leave(WorkedOff, count);
            return EventSlice.LendAll(batch, Edge);
        }
        catch (IOException e)
        {
            damage = e.Message;
            Stage.Leave(Damaged, count);
            return null;
        }
        finally
        {
            batch.LetGo();
        }
    }

    private sealed class SpillPassage(EventBatch batch, long end)
    {
        public EventBatch Batch { get; } = batch;

        public long End { get; } = end;

        public bool Done { get; set; }
    }
}
