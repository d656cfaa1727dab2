using System.Diagnostics;

namespace Picket.Actors.Dispatch;

/// <summary>One thread of a <see cref="WorkerPool"/> with what it is to run next.</summary>
internal sealed class Worker : TurnThread
{
    /// <summary>After so many turns the common queue goes first once, so that what comes from outside is not starved.</summary>
    private const int TurnsBetweenCommon = 61;

    /// <summary>Looks at a worker with one item, some microseconds in all: who ends a turn within them runs the item sooner
    /// itself than a thief could, whose caches are cold.</summary>
    private const int Glances = 8;
    private const int GlanceSpins = 32;

    /// <summary>Looks before sleep, some tens of microseconds in all; a sleep and a wake-up cost as much.</summary>
    private const int SpinLooks = 64;
    private const int MostSpinning = 8;
    private static readonly TimeSpan Nap = TimeSpan.FromMicroseconds(50);

    /// <summary>Items that are worth a wake-up whatever the last ones came to.</summary>
    private const int Backlog = 16;

    private static readonly ExecutionContext Clean = CaptureClean();

    private readonly WorkerPool _pool;
    private readonly RunQueue _queue = new();
    private readonly object _sleep = new();
    private long _turns;
    private int _spinning;
    private int _wakesToSkip;
    private bool _woken;

    public Worker(WorkerPool pool, string name)
    {
        _pool = pool;
        Thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    public WorkerPool Pool => _pool;

    public Thread Thread { get; }

    /// <summary>Turns begun. Any thread may read it.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Items waiting. Any thread may read it.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Woken to look for work that others have. Written by the pool under its lock, and by the worker once it runs.</summary>
    public bool Searching { get; set; }

    /// <summary>What the watch saw of <see cref="Turns"/> last. The watch alone uses it.</summary>
    public long TurnsSeen { get; set; }

    /// <summary>Called on this worker's own thread: the item runs after what waits already.</summary>
    // hot
    public void Push(object item)
    {
        if (!_queue.TryPush(item)) _pool.Inject(item);
        else if (_pool.HasIdle) Share();
    }

    /// <summary>A mailbox whose turn has just ended goes behind what waits; where nothing does, nobody need be woken for it.</summary>
    private void Again(Mailbox mailbox)
    {
        if (!_queue.TryPush(mailbox)) _pool.Inject(mailbox);
        else if (_queue.Count > 1 && _pool.HasIdle) Share();
    }

    /// <inheritdoc/>
    public override bool AwaitMore(Mailbox mailbox)
    {
        for (var glance = 0; glance < Glances; glance++)
        {
            if (_queue.Count > 0 || _pool.HasCommon) return false;
            Thread.SpinWait(GlanceSpins);
            if (mailbox.HasSystem || mailbox.Cell.HasUserMessages) return true;
        }

        return false;
    }

    /// <summary>Hands over half of what waits here, and of a single item only that of a worker whose turn takes long.</summary>
    public bool TryGive(Worker thief, out object item)
    {
        var waiting = _queue.Count;
        if (waiting == 0 || (waiting == 1 && EndsTurnSoon()) || !_queue.TryTake(out item))
        {
            item = null!;
            return false;
        }

        for (var more = (waiting - 1) / 2; more > 0 && _queue.TryTake(out var next); more--) thief.Push(next);
        return true;
    }

    /// <summary>Gives all that waits here to everybody, while this worker's turn does not end.</summary>
    public void GiveUp()
    {
        while (_queue.TryTake(out var item)) _pool.Inject(item);
    }

    public void Wake()
    {
        lock (_sleep)
        {
            _woken = true;
            Monitor.Pulse(_sleep);
        }
    }

    /// <summary>Waits for <see cref="Wake"/>; false when it did not come in time.</summary>
    public bool Sleep(TimeSpan limit)
    {
        lock (_sleep)
        {
            while (!_woken)
            {
                if (!Monitor.Wait(_sleep, limit)) break;
            }

            var woken = _woken;
            _woken = false;
            return woken;
        }
    }

    private void Run()
    {
        Enter();
        do
        {
            while (TryNext(out var item))
            {
                if (Searching) _pool.Found(this);
                Volatile.Write(ref _turns, _turns + 1);
                if (item is not Mailbox mailbox) Leave((IThreadPoolWorkItem)item);
                else if (mailbox.Execute(this)) Again(mailbox);

                // What one actor set in its flow of execution is not the next one's.
                if (!ReferenceEquals(ExecutionContext.Capture(), Clean)) ExecutionContext.Restore(Clean);
            }

            Cell = null;
        }
        while (FindSpinning() || Park());
    }

    // hot
    private bool TryNext(out object item)
    {
        if (_turns % TurnsBetweenCommon == 0 && _pool.TryTakeCommon(out item)) return true;
        if (_queue.TryTake(out item)) return true;
        return _pool.TryTakeCommon(out item) || _pool.TrySteal(this, out item);
    }

    /// <summary>Others sleep. A wake-up costs both sides more than a short turn, so each that found nothing makes the next rarer.</summary>
    private void Share()
    {
        if (_wakesToSkip > 0 && _queue.Count < Backlog)
        {
            _wakesToSkip--;
            return;
        }

        _wakesToSkip = _pool.FruitlessWakes;
        _pool.WakeOne();
    }

    /// <summary>Where wake-ups came soon after falling asleep, looking on for a moment is cheaper for both sides.</summary>
    private bool FindSpinning()
    {
        if (_spinning == 0 || !_pool.TryBecomeSearcher(this)) return false;
        for (var look = 0; look < SpinLooks; look++)
        {
            Thread.SpinWait(GlanceSpins);
            if (!_pool.HasCommon) continue;
            _spinning = Math.Min(_spinning + 1, MostSpinning);
            return true;
        }

        _spinning--;
        _pool.EndSearch(this);
        return false;
    }

    private bool Park()
    {
        var asleep = Stopwatch.GetTimestamp();
        if (!_pool.Park(this)) return false;
        if (Stopwatch.GetElapsedTime(asleep) < Nap) _spinning = Math.Min(_spinning + 2, MostSpinning);
        return true;
    }

    /// <summary>What is no mailbox is code of somebody else's: it runs outside of any actor.</summary>
    private void Leave(IThreadPoolWorkItem item)
    {
        Cell = null;
        item.Execute();
        SynchronizationContext.SetSynchronizationContext(null);
    }

    private static ExecutionContext CaptureClean()
    {
        ExecutionContext? clean = null;
        var thread = new Thread(() => clean = ExecutionContext.Capture()) { IsBackground = true };
        thread.UnsafeStart();
        thread.Join();
        return clean!;
    }

    private bool EndsTurnSoon()
    {
        var turns = Turns;
        for (var glance = 0; glance < Glances; glance++)
        {
            Thread.SpinWait(GlanceSpins);
            if (Turns != turns) return true;
        }

        return false;
    }
}
