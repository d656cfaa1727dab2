using Picket.Actors;
using Picket.Detection.Alerts;
using Picket.Detection.Context;
using Picket.Node.Hosting;
using Picket.Sensors.OwnFiles;

namespace Picket.Node.Self;

/// <summary>
/// /self/files: looks every second at what others did to the node's own files, asks /context who they are, and says so. A process that the
/// context stage has not come to yet, or not at all since the kernel's sensor is blind, is waited for a few looks and then said
/// by what /proc had of it, or by its number.
/// </summary>
internal sealed class FilesActor : UntypedActor, IWithTimers
{
    private const int MostLooks = 3, LooksARefresh = 10;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly FilesState _state;
    private readonly ProcessStories _context;

    public FilesActor(FilesState state, ProcessStories context)
    {
        _state = state;
        _context = context;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPulseTimer(nameof(Look), new Look(), LookInterval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look:
                TakeLook();
                break;
            case KnownProcesses known:
                for (var i = _state.Pending.Count - 1; i >= 0; i--)
                {
                    var (touch, _, _) = _state.Pending[i];
                    if (!known.Contexts.TryGetValue(touch.Pid, out var context)) continue;
                    _state.Pending.RemoveAt(i);
                    Say(touch, FileToucher.Of(context));
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void TakeLook()
    {
        var watch = _state.Watch;
        var touches = watch.Look();
        if (++_state.Looks % LooksARefresh == 0) touches = [.. touches, .. watch.Refresh()];
        var now = _state.Time.GetUtcNow();
        foreach (var unsaid in _state.Book.Settle(now)) Say(FileNotices.Of(unsaid));
        foreach (var touch in touches)
        {
            // Nor may it take the place of a change that is to be said.
            var by = touch.Acts == FileActs.Opened ? FileToucher.FromProc(touch.Pid) : null;
            if (!IsLetGoByFork(touch, by) && _state.Book.Add(touch, now))
                _state.Pending.Add((touch, 0, by ?? FileToucher.FromProc(touch.Pid)));
        }

        if (watch.Overflows is var overflows && overflows > _state.SaidOverflows)
        {
            _state.SaidOverflows = overflows;
            Say(FileNotices.Overflow(_state.Looked, now));
        }

        foreach (var (path, reason) in watch.Unwatched)
        {
            if (_state.SaidUnwatched.Add(path)) Say(FileNotices.Unwatched(path, reason));
        }

        _state.Looked = now;
        AskForNames();
    }

    private void AskForNames()
    {
        var pids = new HashSet<int>();
        for (var i = _state.Pending.Count - 1; i >= 0; i--)
        {
            var (touch, looks, byProc) = _state.Pending[i];
            if (touch.Pid == 0 || looks >= MostLooks)
            {
                _state.Pending.RemoveAt(i);
                Say(touch, byProc);
                continue;
            }

            _state.Pending[i] = (touch, looks + 1, byProc);
            pids.Add(touch.Pid);
        }

        if (pids.Count > 0) _context.Listener?.Tell(new TellProcesses(pids, OwnNamespace.Pid), Self);
    }

    /// <summary>
    /// A process that the node forks has the node's files open until it executes something: should the node close one meanwhile, the last
    /// to let go of it is the other. Nothing was written by it.
    /// </summary>
    private static bool IsLetGoByFork(FileTouch touch, FileToucher? by) =>
        touch.Acts == FileActs.Opened && by?.Parent == Environment.ProcessId;

    private void Say(FileTouch touch, FileToucher? by)
    {
        if (!IsLetGoByFork(touch, by)) Say(FileNotices.Of(touch, by));
    }

    private void Say(Notice notice) => Context.Parent.Tell(notice, Self);

    private sealed record Look;
}
