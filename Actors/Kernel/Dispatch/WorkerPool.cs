using System.Collections.Concurrent;

namespace Picket.Actors.Dispatch;

/// <summary>
/// Threads of the kernel's own, as many as processors, that run mailboxes. What a turn schedules runs next on the same thread,
/// first in, first out, unless another has nothing to do; what comes from outside goes through a common queue. The runtime's
/// thread pool is not used: its global queue costs a wake-up or more for each message of a conversation, its local ones let two
/// actors that talk to each other starve the rest, and whoever blocks it would blind the sensor.
/// </summary>
/// <remarks>
/// No wake-up is lost: who puts into the common queue has done so before its exchange of <c>_searching</c>; who parks has
/// left that flag and is on the list of the parked before it looks into the common queue once more. Work in a worker's own
/// queue is run by that worker at the latest; when its turn does not end, the watch gives it to others, and
/// where all workers are in turns that do not end, it adds one.
/// </remarks>
internal sealed class WorkerPool
{
    /// <summary>Of workers whose turns never end, more do not help.</summary>
    private const int Most = 512;

    private const int MostFruitless = 1023;
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan SurplusLife = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<object> _common = new();
    private readonly object _gate = new();
    private readonly List<Worker> _parked = [];
    private readonly string _name;
    private readonly int _base;
    private Worker[] _workers = [];
    private int _idle;
    private int _searching;
    private int _fruitless;
    private int _started;
    private bool _watched;
    private Thread? _watch;

    public WorkerPool(string name, int workers)
    {
        _name = name;
        _base = workers;
        _idle = workers;
    }

    /// <summary>The pool of the default dispatchers of all systems of the process.</summary>
    public static WorkerPool Shared { get; } = new("picket-worker", Environment.ProcessorCount);

    /// <summary>True when a worker sleeps or has not been started yet.</summary>
    public bool HasIdle => Volatile.Read(ref _idle) > 0;

    public bool HasCommon => !_common.IsEmpty;

    /// <summary>Grows with each wake-up that found nothing to do, up to 1,023; 0 after one that did.</summary>
    public int FruitlessWakes => Volatile.Read(ref _fruitless);

    /// <summary>Threads there are now.</summary>
    public int Workers => Volatile.Read(ref _workers).Length;

    /// <summary>Runs an item, a <see cref="Mailbox"/> or an <see cref="IThreadPoolWorkItem"/>, on a worker's thread, soon. From a
    /// turn: after what its worker has to do already.</summary>
    // hot
    public void Schedule(object item)
    {
        if (TurnThread.Current is Worker worker && ReferenceEquals(worker.Pool, this)) worker.Push(item);
        else Inject(item);
    }

    /// <summary>Puts an item into the queue that all workers serve.</summary>
    public void Inject(object item)
    {
        _common.Enqueue(item);
        WakeOne();
    }

    public bool TryTakeCommon(out object item)
    {
        item = null!;
        return !_common.IsEmpty && _common.TryDequeue(out item!);
    }

    public bool TrySteal(Worker thief, out object item)
    {
        var workers = Volatile.Read(ref _workers);
        var at = Array.IndexOf(workers, thief);
        for (var i = 1; i < workers.Length; i++)
        {
            if (workers[(at + i) % workers.Length].TryGive(thief, out item)) return true;
        }

        item = null!;
        return false;
    }

    /// <summary>Wakes a sleeper, or starts a worker while there are too few, unless one is looking for work already.</summary>
    public void WakeOne()
    {
        if (Interlocked.CompareExchange(ref _searching, 1, 0) != 0) return;
        lock (_gate)
        {
            if (_parked.Count > 0)
            {
                var worker = _parked[^1];
                _parked.RemoveAt(_parked.Count - 1);
                worker.Searching = true;
                worker.Wake();
            }
            else if (_workers.Length < _base)
            {
                Add(searching: true);
            }
            else
            {
                Volatile.Write(ref _searching, 0);
                return;
            }

            Changed();
        }
    }

    /// <summary>Makes an awake worker the one that looks for work, so that nobody is woken for what it will find.</summary>
    public bool TryBecomeSearcher(Worker worker)
    {
        if (Interlocked.CompareExchange(ref _searching, 1, 0) != 0) return false;
        worker.Searching = true;
        return true;
    }

    /// <summary>Takes back <see cref="TryBecomeSearcher"/>; what came meanwhile is found by the look before the sleep.</summary>
    public void EndSearch(Worker worker)
    {
        worker.Searching = false;
        Volatile.Write(ref _searching, 0);
    }

    /// <summary>A searching worker has work; what else waits is for the next one.</summary>
    public void Found(Worker worker)
    {
        worker.Searching = false;
        Volatile.Write(ref _fruitless, 0);
        Interlocked.Exchange(ref _searching, 0);
        if (!_common.IsEmpty || worker.Waiting > 0) WakeOne();
    }

    /// <summary>Called by a worker that found nothing. True when there may be work again, false when the worker is to end.</summary>
    public bool Park(Worker worker)
    {
        lock (_gate)
        {
            if (worker.Searching)
            {
                worker.Searching = false;
                Volatile.Write(ref _fruitless, Math.Min((_fruitless * 2) + 1, MostFruitless));
                Volatile.Write(ref _searching, 0);
            }

            _parked.Add(worker);
            Changed();
        }

        Interlocked.MemoryBarrier();
        if (!_common.IsEmpty && TryUnpark(worker)) return true;
        while (!worker.Sleep(Volatile.Read(ref _workers).Length > _base ? SurplusLife : Timeout.InfiniteTimeSpan))
        {
            if (TryEnd(worker)) return false;
        }

        return true;
    }

    /// <summary>Takes a worker off the list of sleepers; false when somebody has woken it already.</summary>
    private bool TryUnpark(Worker worker)
    {
        lock (_gate)
        {
            if (!_parked.Remove(worker)) return false;
            Changed();
            return true;
        }
    }

    private bool TryEnd(Worker worker)
    {
        lock (_gate)
        {
            if (_workers.Length <= _base || !_parked.Remove(worker)) return false;
            Volatile.Write(ref _workers, [.. _workers.Where(other => other != worker)]);
            Changed();
            return true;
        }
    }

    private void Add(bool searching)
    {
        var worker = new Worker(this, $"{_name}-{++_started}") { Searching = searching };
        Volatile.Write(ref _workers, [.. _workers, worker]);
        worker.Thread.UnsafeStart();
    }

    /// <summary>Called under the gate after any change of workers or sleepers.</summary>
    private void Changed()
    {
        Volatile.Write(ref _idle, _parked.Count + Math.Max(0, _base - _workers.Length));
        if (_watched || _parked.Count == _workers.Length) return;
        _watched = true;
        if (_watch is not null)
        {
            Monitor.PulseAll(_gate);
            return;
        }

        _watch = new Thread(Watch) { IsBackground = true, Name = $"{_name}-watch" };
        _watch.UnsafeStart();
    }

    /// <summary>While any worker runs: looks for turns that do not end.</summary>
    private void Watch()
    {
        lock (_gate)
        {
            while (true)
            {
                Monitor.Wait(_gate, WatchPeriod);
                if (_parked.Count < _workers.Length)
                {
                    FreeWhatIsStuck();
                    continue;
                }

                _watched = false;
                while (!_watched) Monitor.Wait(_gate);
            }
        }
    }

    private void FreeWhatIsStuck()
    {
        var allStuck = true;
        foreach (var worker in _workers)
        {
            var turns = worker.Turns;
            var stuck = turns == worker.TurnsSeen && !_parked.Contains(worker);
            worker.TurnsSeen = turns;
            allStuck &= stuck;
            if (stuck) worker.GiveUp();
        }

        if (_common.IsEmpty) return;
        WakeOne();
        if (!allStuck || _workers.Length >= Most) return;
        Add(searching: false);
        Changed();
    }
}
