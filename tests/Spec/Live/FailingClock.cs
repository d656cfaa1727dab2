namespace Picket.Spec.Live;

/// <summary>The system's clock, until it is told to throw once at the ring's reader thread.</summary>
internal sealed class FailingClock : TimeProvider
{
    private TaskCompletionSource<Thread>? _armed;

    /// <summary>Makes the next look of the reader thread throw; the task ends with that thread.</summary>
    public Task<Thread> FailOnce()
    {
        var died = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _armed, died);
        return died.Task;
    }

    public override long GetTimestamp()
    {
        if (Thread.CurrentThread.Name == "picket-ring" && Interlocked.Exchange(ref _armed, null) is { } died)
        {
            died.SetResult(Thread.CurrentThread);
            throw new InvalidOperationException("the test's clock failed");
        }

        return base.GetTimestamp();
    }
}
