namespace Picket.Actors.Dispatch;

/// <summary>One thread for one actor, from its first turn to its end.</summary>
internal sealed class PinnedDispatcher(int throughput, string name) : MessageDispatcher(throughput), IDisposable
{
    private readonly SemaphoreSlim _due = new(0);
    private Mailbox? _mailbox;
    private int _started;
    private volatile bool _closed;

    public override void Schedule(Mailbox mailbox)
    {
        _mailbox = mailbox;
        _due.Release();
        if (Interlocked.Exchange(ref _started, 1) != 0) return;

        // Unsafe: the actor inherits no ambient values of whoever sent its first message.
        new Thread(Loop) { IsBackground = true, Name = name }.UnsafeStart();
    }

    public override void Detach()
    {
        _closed = true;
        _due.Release();
    }

    public void Dispose() => _due.Dispose();

    private void Loop()
    {
        var thread = new TurnThread();
        thread.Enter();
        while (true)
        {
            _due.Wait();
            if (_closed) break;
            if (_mailbox!.Execute(thread)) _due.Release();
        }

        Dispose();
    }
}
