using System.Globalization;
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
    private readonly PosixSignalRegistration? _hangUp;

    public StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, true));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, false));

        // Whoever started us with nohup wants to live on behind the terminal.
        if (!IsHangUpIgnored()) _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Stop(context, false));
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
        _hangUp?.Dispose();
    }

    /// <summary>
    /// The runtime takes a signal that is handled even where it was ignored when the process began: see SigIgn in proc(5).
    /// </summary>
    private static bool IsHangUpIgnored()
    {
        const string Status = "/proc/self/status", Name = "SigIgn:";
        if (!File.Exists(Status)) return false;
        var line = File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        return line is not null && (ulong.Parse(line.AsSpan(Name.Length).Trim(), NumberStyles.HexNumber,
            CultureInfo.InvariantCulture) & 1) != 0;
    }

    private void Stop(PosixSignalContext context, bool byPerson)
    {
        // A second signal ends the process at once, as people expect.
        context.Cancel = _stop.TrySetResult(byPerson);
    }
}
