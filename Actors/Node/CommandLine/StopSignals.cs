using System.Globalization;
using System.Runtime.InteropServices;

namespace Picket.Node.CommandLine;

/// <summary>
/// Takes the signals that end a run from the moment it is made: one that comes while the node still starts must not end
/// the process with programs attached. SIGHUP asks for the rules to be read again, but for one by which a terminal says that it is gone.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private const string Terminal = "/dev/tty";

    private readonly TaskCompletionSource<bool> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _hangUp;

    /// <summary>Whoever started us with nohup, or without a terminal, wants to live on behind it.</summary>
    private readonly bool _endsWithTerminal = !IsHangUpIgnored() && HasTerminal();

    private Action? _onHangUp;
    private bool _hungUp;

    public StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, true));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, false));
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, HangUp);
    }

    /// <summary>Says what a hang-up does that ends nothing; one that came before is made up for.</summary>
    public void OnHangUp(Action action)
    {
        lock (_gate)
        {
            _onHangUp = action;
            if (!_hungUp) return;
            _hungUp = false;
        }

        action();
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
        _hangUp.Dispose();
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

    /// <summary>A process whose terminal is gone cannot open it any more, nor one that never had any: see tty(4).</summary>
    private static bool HasTerminal()
    {
        try
        {
            using var terminal = File.OpenHandle(Terminal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void HangUp(PosixSignalContext context)
    {
        if (_endsWithTerminal && !HasTerminal())
        {
            Stop(context, false);
            return;
        }

        context.Cancel = true;
        Action? action;
        lock (_gate)
        {
            action = _onHangUp;
            _hungUp = action is null;
        }

        action?.Invoke();
    }

    private void Stop(PosixSignalContext context, bool byPerson)
    {
        // A second signal ends the process at once, as people expect.
        context.Cancel = _stop.TrySetResult(byPerson);
    }
}
