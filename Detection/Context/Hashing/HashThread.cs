namespace Picket.Detection.Context.Hashing;

/// <summary>The thread that reads and hashes, behind the other threads and within the pace.</summary>
internal sealed class HashThread : IDisposable
{
    /// <summary>A read that a device or server never answers cannot be ended: the thread is then left to itself.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(2);

    private readonly HashEngine _engine;
    private readonly uint _ownNamespace;
    private readonly HashPace _pace;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;

    public HashThread(HashEngine engine, uint ownNamespace, TimeProvider time)
    {
        _engine = engine;
        _ownNamespace = ownNamespace;
        _time = time;
        _pace = new HashPace(engine.Options.BytesPerSecond, time);
        _thread = new Thread(Run) { Name = "picket-hashing", IsBackground = true };
    }

    /// <summary>Begins.</summary>
    public void Start() => _thread.Start();

    /// <summary>Ends after the chunk in hand.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        if (!_thread.ThreadState.HasFlag(ThreadState.Unstarted) && _thread.Join(EndsWithin)) _stop.Dispose();
    }

    private void Run()
    {
        var stop = _stop.Token;
        HashLibc.GiveWay();
        using var hasher = new FileHasher(_engine.Options.Algorithms, _ownNamespace);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // Once cancelled, the loop's next look ends the thread.
                if (_pace.Wait() is { Ticks: > 0 } wait && stop.WaitHandle.WaitOne(wait)) continue;
                Handle(_engine.Next(stop), hasher, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Handle(HashRequest request, FileHasher hasher, CancellationToken stop)
    {
        var began = _time.GetUtcNow();
        var outcome = HashOutcome.Unreadable;
        FileHashes? hashes = null;
        try
        {
            outcome = hasher.Hash(request, stop, out hashes);
        }
        catch (Exception)
        {
            // Whatever one file does to the library, the next one is hashed; the outcome is counted.
            hashes = null;
        }

        if (outcome == HashOutcome.Stopped)
        {
            _engine.PutBack(request);
            return;
        }

        if (outcome is HashOutcome.Known or HashOutcome.Changed or HashOutcome.Unreadable) _pace.Spend(request.Key.Size);
        _engine.Decide(request, outcome, hashes, began);
    }
}
