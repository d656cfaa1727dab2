namespace Picket.Spec.Live;

/// <summary>The system's clock, until it is told to throw once at the ring's reader thread, or to hold it.</summary>
internal sealed class FailingClock : TimeProvider
{
    private TaskCompletionSource<Thread>? _armed;
    private Hold? _hold;

    /// <summary>Makes the next look of the reader thread throw; the task ends with that thread.</summary>
    public Task<Thread> FailOnce()
    {
        var died = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _armed, died);
        return died.Task;
    }

    /// <summary>Holds the reader thread at its next look until <paramref name="release"/>; the task ends when it is held.</summary>
    public Task<Thread> HoldUntil(WaitHandle release)
    {
        var held = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _hold, new Hold(release, held));
        return held.Task;
    }

    public override long GetTimestamp()
    {
        if (Thread.CurrentThread.Name == "picket-ring" && Interlocked.Exchange(ref _hold, null) is { } hold)
        {
            hold.Held.SetResult(Thread.CurrentThread);
            hold.Release.WaitOne();
        }

        if (Thread.CurrentThread.Name == "picket-ring" && Interlocked.Exchange(ref _armed, null) is { } died)
        {
            died.SetResult(Thread.CurrentThread);
            throw new InvalidOperationException("the test's clock failed");
        }

        return base.GetTimestamp();
    }

    private sealed record Hold(WaitHandle Release, TaskCompletionSource<Thread> Held);
}
