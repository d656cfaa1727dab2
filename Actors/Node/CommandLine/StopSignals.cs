using System.Runtime.InteropServices;

namespace Picket.Node.CommandLine;

/// <summary>
/// Takes the signals that end a run from the moment it is made: one that comes while the node still starts must not end
/// the process with programs attached.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource<bool> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, true));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, false));
    }

    /// <summary>Waits for a signal or the time; true when a person ended it.</summary>
    public async Task<bool> WaitAsync(TimeSpan? duration)
    {
        using var limit = new CancellationTokenSource(duration ?? Timeout.InfiniteTimeSpan);
        using var over = limit.Token.Register(() => _stop.TrySetResult(true));
        return await _stop.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }

    private void Stop(PosixSignalContext context, bool byPerson)
    {
        // A second signal ends the process at once, as people expect.
        context.Cancel = _stop.TrySetResult(byPerson);
    }
}
