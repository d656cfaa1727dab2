using Picket.Actors;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Decoding;
using Picket.Sensors.Ebpf.Folders;
using Picket.Sensors.Ebpf.Native;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// The one thread that reads the ring: drain, hand on, sleep, wait. It is a native thread of its own, so that neither a busy
/// thread pool nor a slow engine delays the drain. It ends by <see cref="Dispose"/>, or by an exception that its actor is told.
/// </summary>
internal sealed class ReaderThread : IDisposable
{
    /// <summary>A wait for the pool's credit; events meanwhile wait in the ring.</summary>
    private const long CreditPauseNs = 500_000;

    private const int LongestWaitMs = 250;

    /// <summary>A thread that does not end in this time hangs, and is left behind.</summary>
    private const int LongestEndMs = 2_000;

    private readonly EbpfSensor _sensor;
    private readonly IActorRef _owner;
    private readonly IActorRef _context;
    private readonly IActorRef _monitor;
    private readonly TimeProvider _time;
    private readonly RingReader _reader;
    private readonly RingWaiter _waiter;
    private readonly RecordDecoder _decoder;
    private readonly FolderLookup _folders;
    private readonly Thread _thread;
    private long _lastBarrier;
    private ulong _turnNs = BootClock.NowNs;
    private volatile bool _drain;

    public ReaderThread(EbpfSensor sensor, IActorRef owner, IActorRef context, IActorRef monitor, TimeProvider time)
    {
        _sensor = sensor;
        _owner = owner;
        _context = context;
        _monitor = monitor;
        _time = time;
        _reader = sensor.OpenReader();
        _waiter = new RingWaiter(sensor.Maps, _reader, sensor.Reading.DrainInterval);
        _folders = new FolderLookup();
        _decoder = new RecordDecoder(sensor.Dns) { Folders = new FolderCache(_folders, TimeProvider.System) };
        _lastBarrier = time.GetTimestamp();
        _thread = new Thread(Run) { Name = "picket-ring", IsBackground = true };
    }

    /// <summary>Boot time in nanoseconds of the thread's last turn. It makes several a second, whatever the load.</summary>
    public ulong TurnNs => Volatile.Read(ref _turnNs);

    /// <summary>Whether it was asked to end and may not hand on anything any more: a successor reads.</summary>
    private bool IsOver => _waiter.Stopped && !_drain;

    /// <summary>Begins to read.</summary>
    public void Start() => _thread.Start();

    /// <summary>Reads what is in the ring now, sends a last barrier behind it, tells the owner, and ends.</summary>
    public void Drain()
    {
        _drain = true;
        _waiter.Stop();
    }

    /// <summary>
    /// Ends the thread where it is and waits for it. One that hangs cannot be ended; should it ever go on, it finds that it is over and
    /// hands on nothing.
    /// </summary>
    public void Dispose()
    {
        _waiter.Stop();
        if (!_thread.ThreadState.HasFlag(ThreadState.Unstarted) && !_thread.Join(LongestEndMs)) return;
        _waiter.Dispose();
        _folders.Dispose();
    }

    private void Run()
    {
        Libc.BeNice(_sensor.Reading.Nice);
        try
        {
            do
            {
                while (HandOn(_reader.Produced))
                {
                    if (IsOver) break;
                }

                var due = _time.GetElapsedTime(_lastBarrier) >= _sensor.Reading.BarrierInterval;
                if (due && !IsOver) SendBarrier();
            }
            while (_waiter.Wait(LongestWaitMs));

            if (_drain) _owner.Tell(new ReaderDrained(SendBarrier()), ActorRefs.NoSender);
        }
        catch (Exception e)
        {
            // Whatever it was, the thread is over; the actor above decides. What was not handed on is still in the ring.
            _owner.Tell(new ReaderFailed(e), ActorRefs.NoSender);
        }
    }

    /// <summary>
    /// Reads one batch, up to <paramref name="until"/> at least where there is room, and hands it on; false when nothing was
    /// there.
    /// </summary>
    private bool HandOn(ulong until)
    {
        Volatile.Write(ref _turnNs, BootClock.NowNs);
        if (!_reader.CanRead()) return false;
        if (!_sensor.Pool.TryRent(out var batch))
        {
            Libc.Pause(CreditPauseNs);
            return !IsOver;
        }

        batch.Begin(_sensor.Source, _sensor.Commit);
        _decoder.Audit = _sensor.Audit;
        try
        {
            var (decoded, malformed, unknown) = Fill(batch);
            if (IsOver) return false;
            var end = _reader.Position;
            _sensor.Commit.Register(batch, end);
            _sensor.CountTaken(decoded, malformed, unknown);
            if (batch.Count > 0) _context.Tell(EventSlice.LendAll(batch, _sensor.Edge), ActorRefs.NoSender);
            _sensor.Maps.State.HandedPosition = end;
            return _reader.Position < until;
        }
        finally
        {
            batch.LetGo();
        }
    }

    private (int Decoded, int Malformed, int Unknown) Fill(EventBatch batch) // hot
    {
        var (decoded, malformed, unknown) = (0, 0, 0);
        while (batch.Capacity - batch.Count >= RecordDecoder.MostPerRecord && batch.FreeBytes > LargestRecord
            && _reader.TryRead(out var record))
        {
            var position = _reader.Position;
            switch (_decoder.Decode(record, position, _sensor.IsRedelivered(position), batch))
            {
                case DecodeResult.Malformed:
                    malformed++;
                    break;
                case DecodeResult.Unknown:
                    unknown++;
                    break;
                default:
                    decoded++;
                    break;
            }
        }

        return (decoded, malformed, unknown);
    }

    /// <summary>An exec record with everything at its limit, and its table of argument ends.</summary>
    private const int LargestRecord = 192 * 1024;

    private long SendBarrier()
    {
        _lastBarrier = _time.GetTimestamp();
        var number = _sensor.NextBarrier();
        var counters = _sensor.Maps.ReadCounters();
        var until = _reader.Produced;
        while (_reader.Position < until && !IsOver)
        {
            if (!HandOn(until) && _reader.Position < until) Libc.Pause(CreditPauseNs);
        }

        _monitor.Tell(_sensor.CompareSeen(number, counters), ActorRefs.NoSender);
        _monitor.Tell(_sensor.Compare(number, EbpfSensor.SubmittedOf(counters)), ActorRefs.NoSender);
        _context.Tell(new Barrier(number, _sensor.Edge, _sensor.Edge.Given), ActorRefs.NoSender);
        var losses = _sensor.TakeLosses(counters, _drain, out var fresh);
        if (losses.Count > 0 || fresh) _owner.Tell(new ReaderSawLosses(losses, fresh), ActorRefs.NoSender);
        return number;
    }
}
