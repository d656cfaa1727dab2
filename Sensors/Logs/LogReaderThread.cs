using Picket.Actors;
using Picket.Detection.Events;
using Picket.Sensors.Logs.Access;
using Picket.Sensors.Logs.Following;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Sensors.Logs;

/// <summary>
/// The thread that reads the files: look, read, hand on, wait. It ends by <see cref="Dispose"/>, or by an exception that its actor is
/// told. A file system that does not answer holds up this thread and nothing else: it is left behind, and another one reads on.
/// </summary>
internal sealed class LogReaderThread : IDisposable
{
    /// <summary>A wait for the pool's credit; lines meanwhile wait in their files.</summary>
    private static readonly TimeSpan CreditPause = TimeSpan.FromMilliseconds(1);

    /// <summary>A thread that does not end in this time hangs, and is left behind.</summary>
    private const int LongestEndMs = 2_000;

    private readonly LogSensor _sensor;
    private readonly IActorRef _owner;
    private readonly IActorRef _context;
    private readonly IActorRef _monitor;
    private readonly LogAccess _access;
    private readonly LogWatch _watch;
    private readonly LogWaiter _waiter = new();
    private readonly Thread _thread;
    private long _lastMark;
    private long _lastLook;
    private long _lastSave;
    private readonly Lock _sending = new();
    private long _marked;
    private volatile bool _drain;

    public LogReaderThread(LogSensor sensor, IActorRef owner, IActorRef context, IActorRef monitor)
    {
        _sensor = sensor;
        _owner = owner;
        _context = context;
        _monitor = monitor;
        _access = new LogAccess(sensor.Files, sensor.LeftOut);
        _watch = new LogWatch(sensor, _access, finding => monitor.Tell(finding, owner));
        _thread = new Thread(Run) { Name = "picket-logs", IsBackground = true };
    }

    /// <summary>Where the thread is; for any other one.</summary>
    public LogTurn Turn => _access.Turn;

    /// <summary>
    /// Leaves the thread behind where it hangs; false when it has gone on meanwhile, or is handing on. Should it ever go on, it finds that
    /// it is over, closes what it holds, and says so to <see cref="LogSensor.LeftOut"/>.
    /// </summary>
    public bool TryLeave(in LogTurn turn)
    {
        if (!_sending.TryEnter()) return false;
        try
        {
            return _access.TryLeave(turn);
        }
        finally
        {
            _sending.Exit();
        }
    }

    /// <summary>Calls <paramref name="then"/> once when the thread goes on, on that thread.</summary>
    public void WhenMoved(Action then) => _access.WhenMoved(then);

    /// <summary>Has the thread look at all files anew.</summary>
    public void LookAgain() => _waiter.Wake();

    /// <summary>Begins to read.</summary>
    public void Start() => _thread.Start();

    /// <summary>Reads what is there now, tells the owner, and ends.</summary>
    public void Drain()
    {
        _drain = true;
        _waiter.Stop();
    }

    /// <summary>Ends the thread where it is and waits for it. One that hangs is left behind.</summary>
    public void Dispose()
    {
        _waiter.Stop();
        if (!_thread.ThreadState.HasFlag(ThreadState.Unstarted) && !_thread.Join(LongestEndMs))
        {
            _access.Leave();
            _sensor.LeftOut.Left(this);
            return;
        }

        _waiter.Dispose();
    }

    private void Run()
    {
        try
        {
            Work();
        }
        catch (LeftBehindException)
        {
            // Another thread reads on.
        }
        catch (Exception e)
        {
            // Whatever it was, the thread is over; the actor above decides. What was not handed on is still in the files.
            if (!_access.IsOver) _owner.Tell(new LogReaderFailed(e), ActorRefs.NoSender);
        }
        finally
        {
            End();
        }
    }

    private void Work()
    {
        Look();
        _owner.Tell(new LogsLooked(_sensor.Time.GetUtcNow()), ActorRefs.NoSender);
        while (!_waiter.Stopped)
        {
            HandOn();
            Save();
            Mark();
            var longest = LongestWait();
            _access.BeginWait(longest);
            var look = _waiter.Wait(longest);
            _access.EndWait();
            if (_waiter.Stopped) break;
            Pause(_sensor.Options.GatherInterval);
            if (look || _waiter.Drain() || _sensor.Time.GetElapsedTime(_lastLook) >= _sensor.Options.LookInterval) Look();
        }

        if (!_drain) return;
        Look();
        HandOn();
        _owner.Tell(new LogsRead(), ActorRefs.NoSender);
    }

    /// <summary>Closes what the thread holds, which may hang as anything else.</summary>
    private void End()
    {
        _watch.Dispose();
        if (!_access.IsOver) return;
        _waiter.Dispose();
        _sensor.LeftOut.Back(this);
    }

    private void Look()
    {
        _lastLook = _sensor.Time.GetTimestamp();
        _watch.Look();
        _waiter.Watch(_watch.Folders, _watch.Files, _access);

        // Between the look at a folder and its watch a file may have come.
        _watch.Look();
    }

    private void HandOn()
    {
        while (!_waiter.Stopped || _drain)
        {
            if (_watch.Fill(out var batch, out var track, out var position))
            {
                Send(batch, track, position);
                continue;
            }

            if (!_watch.WaitsForBatch) return;
            Pause(CreditPause);
        }
    }

    private void Send(EventBatch batch, Track track, long position)
    {
        // A thread that is left behind here has not moved the position, and does not any more.
        lock (_sending)
        {
            try
            {
                _access.Step();
                _sensor.Commit.Register(batch, track, position);
                if (batch.Count > 0) _context.Tell(EventSlice.LendAll(batch, _sensor.Edge), ActorRefs.NoSender);
            }
            finally
            {
                batch.LetGo();
            }
        }
    }

    private void Pause(TimeSpan time)
    {
        _access.BeginWait(time);
        _waiter.Pause(time);
        _access.EndWait();
    }

    /// <summary>Writes the positions down, not at every wake-up; after a kill meanwhile lines are read again, under their ids.</summary>
    private void Save()
    {
        if (_sensor.Time.GetElapsedTime(_lastSave) < _sensor.Options.SaveInterval) return;
        _lastSave = _sensor.Time.GetTimestamp();
        if (_access.Keep(_sensor.Options.PositionsFile, () => _sensor.Save()) is { } problem)
            _monitor.Tell(LogFinding.PositionsUnwritten(_sensor.Options.PositionsFile, problem), _owner);
    }

    /// <summary>Has the edge compared, when something was given since.</summary>
    private void Mark()
    {
        if (_sensor.Time.GetElapsedTime(_lastMark) < _sensor.Options.LedgerInterval || _marked == _sensor.Edge.Given) return;
        _lastMark = _sensor.Time.GetTimestamp();
        _marked = _sensor.Edge.Given;
        if (_sensor.Options.NumbersBarriers) _context.Tell(new Barrier(_sensor.NextBarrier(), _sensor.Edge, _marked), ActorRefs.NoSender);
        else _context.Tell(new EdgeMark(_sensor.Edge, _marked), ActorRefs.NoSender);
    }

    /// <summary>While positions are to be written, or the edge to be compared, it wakes up for that; else only for a look.</summary>
    private TimeSpan LongestWait()
    {
        var wait = _sensor.Options.LookInterval;
        if (_sensor.HasUnsaved && _sensor.Options.SaveInterval < wait) wait = _sensor.Options.SaveInterval;
        if (_marked != _sensor.Edge.Given && _sensor.Options.LedgerInterval < wait) wait = _sensor.Options.LedgerInterval;
        return wait;
    }
}
