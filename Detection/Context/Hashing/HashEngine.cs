using Picket.Detection.Events;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Detection.Context.Hashing;

/// <summary>
/// Knows the hashes of executables, or sees to it that they are made: off the path of events, by one thread, at a bounded pace. A file
/// that was hashed is known again by its device, inode, time of change and size. Executions that a rule about hashes must see with them
/// are kept here until all is decided, and then go to their shard once more.
/// </summary>
/// <remarks>Thread-safe: the context stage asks, the hashing thread answers, the actor hands on. It outlives all of them.</remarks>
public sealed class HashEngine : IBatchOwner, IDisposable
{
    /// <summary>The execution's time and the file's are of two clocks, one of which is converted.</summary>
    private const long ClockSlackNs = 2_000_000;

    private readonly Lock _gate = new();
    private readonly HashOptions _options;
    private readonly TimeProvider _time;
    private readonly long _tickNs;
    private readonly HashCache _cache;
    private readonly LinkedList<HashRequest> _queue = new();
    private readonly Queue<EventBatch> _arrived = new();
    private readonly SemaphoreSlim _queued = new(0);
    private HashRequest? _inHand;
    private long _inHandSince;
    private int _awaiting;
    private int _handedOn;
    private bool _givenUp;

    /// <summary>Makes the engine.</summary>
    /// <param name="options">How.</param>
    /// <param name="shards">Detection shards.</param>
    /// <param name="time">The clock.</param>
    /// <param name="fileClockTickNs">How far the clock that dates files may be behind; less than 0 for this system's.</param>
    public HashEngine(HashOptions options, int shards, TimeProvider time, long fileClockTickNs = -1)
    {
        options.Validate();
        _options = options;
        _time = time;
        _tickNs = fileClockTickNs < 0 ? HashLibc.FileClockTickNs : fileClockTickNs;
        _cache = new HashCache(options.CacheEntries);
        ShardEdges = [.. Enumerable.Range(0, shards).Select(i => new LedgerEdge($"hashing->shard-{i}"))];
    }

    /// <summary>How files are hashed.</summary>
    public HashOptions Options => _options;

    /// <summary>The files that were asked for and not known: one way out for each <see cref="HashOutcome"/>.</summary>
    public LedgerStage Stage { get; } =
        new("hashing", "known", "gone", "changed", "too large", "remote", "unreadable", "busy", "stopped");

    /// <summary>The executions that waited for hashes.</summary>
    public LedgerStage Late { get; } = new("hashing-late", "handed on");

    /// <summary>One edge for each shard, of executions that waited.</summary>
    public IReadOnlyList<LedgerEdge> ShardEdges { get; }

    /// <summary>Executions whose file was known at once.</summary>
    public long Hits { get; private set; }

    /// <summary>Whether a rule asks for hashes, so that executions wait for them.</summary>
    public bool RulesAsk { get; set; }

    /// <summary>Called when <see cref="TryHandOn"/> has something, or when something that it gave is done; on any thread.</summary>
    internal Action? News { get; set; }

    /// <summary>How <see cref="Pass"/> reaches the actor; null before it is there.</summary>
    internal Action<Barrier>? Marks { get; set; }

    /// <summary>Files that wait, the one that is being read included.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _queue.Count + (_inHand is null ? 0 : 1);
        }
    }

    /// <summary>Whether no execution waits, and none that was handed on is under way.</summary>
    internal bool IsSettled
    {
        get
        {
            lock (_gate) return _awaiting == 0 && Volatile.Read(ref _handedOn) == 0;
        }
    }

    /// <summary>How long the file in hand has been in hand; zero when there is none.</summary>
    internal TimeSpan InHandFor
    {
        get
        {
            lock (_gate) return _inHand is null ? TimeSpan.Zero : _time.GetElapsedTime(_inHandSince);
        }
    }

    /// <summary>
    /// The place of the hashes of what a record executes, asked for when they are not known; null where there is no file.
    /// </summary>
    internal HashSlot? Ask(ProgramImage program, in EventView view, in ProcessDetail detail, ProcessContext? parent)
    {
        if (detail.ImageInode == 0) return null;
        ref readonly var record = ref view.Record;
        var key = new FileKey(detail.ImageDevice, detail.ImageInode, detail.ImageChangeNs, (long)detail.ImageSize);
        var isFresh = record.Kind == EventKind.ProcessCreation
            && (long)record.TimeNs + view.Source.ClockOffsetNs - key.ChangeNs < _tickNs + ClockSlackNs;
        lock (_gate)
        {
            if (!isFresh && _cache.Find(key) is { } known)
            {
                Hits++;
                return known;
            }

            Stage.Enter(1);
            if (Refusal(key, record.Flags) is var refused && refused != HashOutcome.Pending)
            {
                Stage.Leave((int)refused, 1);
                return HashSlot.Of(refused);
            }

            var slot = new HashSlot();
            if (!isFresh) _cache.Put(key, slot);
            _queue.AddLast(new HashRequest(
                key, detail.ImageModifyNs, slot, program, record.Key.Pid, detail.MountNamespace, Above(detail, parent), isFresh));
            _queued.Release();
            return slot;
        }
    }

    /// <summary>
    /// Whether an execution has to wait for its hashes: a promise that <see cref="Await"/> follows. It is then offered once to the rules
    /// that do not ask for hashes, and once, later, to those that do.
    /// </summary>
    internal bool TryAwait(HashSlot slot)
    {
        if (!RulesAsk || !slot.IsPending) return false;
        lock (_gate)
        {
            if (!slot.IsPending || _awaiting == _options.MaxAwaiting) return false;
            _awaiting++;
            Late.Enter(1);
            return true;
        }
    }

    /// <summary>Keeps an execution until its hashes are decided.</summary>
    internal void Await(HashSlot slot, in EventView view)
    {
        var flags = (view.Record.Flags & ~EventFlags.HashesAwaited) | EventFlags.HashesLate;
        var execution = EventBatch.Copy(view, flags, this);
        lock (_gate)
        {
            if (slot.IsPending)
            {
                slot.Wait(execution);
                return;
            }

            _arrived.Enqueue(execution);
        }

        News?.Invoke();
    }

    /// <summary>Waits for a file to hash.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    internal HashRequest Next(CancellationToken stop)
    {
        while (true)
        {
            _queued.Wait(stop);
            lock (_gate)
            {
                if (_queue.First is not { } first) continue;
                _queue.RemoveFirst();
                _inHand = first.Value;
                _inHandSince = _time.GetTimestamp();
                return first.Value;
            }
        }
    }

    /// <summary>Gives a file back that was not hashed, for whoever comes next.</summary>
    internal void PutBack(HashRequest request)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_inHand, request)) _inHand = null;
            _queue.AddFirst(request);
            _queued.Release();
        }
    }

    /// <summary>Decides a file.</summary>
    /// <param name="request">The file.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="hashes">Its hashes, if it is known.</param>
    /// <param name="began">When its reading began.</param>
    internal void Decide(HashRequest request, HashOutcome outcome, FileHashes? hashes, DateTimeOffset began)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_inHand, request)) _inHand = null;
            Decide(request, outcome, hashes);

            // What was read when the clock had gone on is what everybody will execute until the next change dates it anew.
            var beganNs = (began - DateTimeOffset.UnixEpoch).Ticks * 100;
            if (request.IsFresh && hashes is not null && beganNs > request.Key.ChangeNs + _tickNs + ClockSlackNs)
                _cache.Put(request.Key, HashSlot.Of(HashOutcome.Known, hashes.IsUnsure ? FileHashes.Read(hashes.Text, false) : hashes));
        }

        News?.Invoke();
    }

    /// <summary>Decides that none of the files that wait will be hashed, and none that comes.</summary>
    internal void GiveUp()
    {
        lock (_gate)
        {
            _givenUp = true;
            while (_queue.First is { } first)
            {
                _queue.RemoveFirst();
                Decide(first.Value, HashOutcome.Stopped, null);
            }
        }

        News?.Invoke();
    }

    /// <summary>The next execution to hand on, and its shard.</summary>
    internal bool TryHandOn(out EventSlice slice, out int shard)
    {
        EventBatch execution;
        lock (_gate)
        {
            slice = null!;
            shard = 0;
            if (!_arrived.TryDequeue(out execution!)) return false;
            _awaiting--;
            _handedOn++;
            Late.Leave(0, 1);
        }

        shard = (int)(execution.Records[0].Key.Spread % (uint)ShardEdges.Count);
        slice = EventSlice.LendAll(execution, ShardEdges[shard]);
        execution.LetGo();
        return true;
    }

    /// <summary>What both stages say at a barrier.</summary>
    internal (LedgerReport Files, LedgerReport Late) Report(long barrier)
    {
        lock (_gate)
        {
            return (LedgerReport.At(barrier, Stage, _queue.Count + (_inHand is null ? 0 : 1)), LedgerReport.At(barrier, Late, _awaiting));
        }
    }

    /// <summary>Hands on a mark of the ledger.</summary>
    internal void Pass(Barrier barrier) => Marks?.Invoke(barrier);

    /// <inheritdoc/>
    public void OnCompleted(EventBatch batch)
    {
        lock (_gate) _handedOn--;
        News?.Invoke();
    }

    /// <inheritdoc/>
    public void Dispose() => _queued.Dispose();

    private void Decide(HashRequest request, HashOutcome outcome, FileHashes? hashes)
    {
        Stage.Leave((int)outcome, 1);
        foreach (var execution in request.Slot.Decide(outcome, hashes)) _arrived.Enqueue(execution);

        // The next one that executes it may lead to it.
        if (hashes is null && ReferenceEquals(_cache.Find(request.Key), request.Slot)) _cache.Remove(request.Key);
    }

    /// <summary>Why a file is not even queued; pending for one that is.</summary>
    private HashOutcome Refusal(in FileKey key, EventFlags flags)
    {
        if (_givenUp) return HashOutcome.Stopped;
        if (key.Size > _options.MaxFileBytes) return HashOutcome.TooLarge;
        if ((flags & EventFlags.ImageRemote) != 0 && !_options.Remote) return HashOutcome.Remote;
        return _queue.Count >= _options.MaxQueue ? HashOutcome.Busy : HashOutcome.Pending;
    }

    private static List<int> Above(in ProcessDetail detail, ProcessContext? parent)
    {
        var above = new List<int>();
        for (var at = parent; at is not null && above.Count < ProcessContext.MaxAncestors; at = at.Parent)
        {
            if (at.Detail.MountNamespace == detail.MountNamespace) above.Add(at.Key.Pid);
        }

        return above;
    }
}
