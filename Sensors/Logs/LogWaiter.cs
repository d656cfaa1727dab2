using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Logs.Access;
using Picket.Sensors.Logs.Native;

namespace Picket.Sensors.Logs;

/// <summary>Waits until a file is written or a name in a folder changes; where inotify does not tell, until the time is over.</summary>
internal sealed unsafe class LogWaiter : IDisposable
{
    private const int HeaderLength = 16;
    private const int MaskOffset = 4;
    private const int LengthOffset = 12;

    private readonly SafeFileHandle _stop = LogLibc.CreateEventFd();
    private readonly SafeFileHandle _wake = LogLibc.CreateEventFd();
    private readonly SafeFileHandle _inotify;
    private readonly Dictionary<string, int> _watches = new(StringComparer.Ordinal);
    private readonly byte[] _happenings = new byte[16 * 1024];
    private volatile bool _stopped;

    public LogWaiter() => _inotify = LogLibc.CreateInotify(out _);

    /// <summary>Whether the wait was ended for good.</summary>
    public bool Stopped => _stopped;

    /// <summary>Ends the wait, from any thread.</summary>
    public void Stop()
    {
        _stopped = true;
        var one = 1UL;
        LogLibc.Write(_stop, &one, sizeof(ulong));
    }

    /// <summary>Ends the present wait, or the next one, and no other; from any thread.</summary>
    public void Wake()
    {
        var one = 1UL;
        LogLibc.Write(_wake, &one, sizeof(ulong));
    }

    /// <summary>Watches these folders and files and no others.</summary>
    public void Watch(IEnumerable<string> folders, IEnumerable<string> names, ILogFiles files)
    {
        if (_inotify.IsInvalid) return;
        var wanted = new Dictionary<string, uint>(StringComparer.Ordinal);
        foreach (var folder in folders) wanted[folder] = LogLibc.NamesChanged | LogLibc.OnlyFolder;
        foreach (var file in names) wanted[file] = LogLibc.Modified;
        foreach (var (path, watch) in _watches.Where(known => !wanted.ContainsKey(known.Key)).ToList())
        {
            LogLibc.RemoveWatch(_inotify, watch);
            _watches.Remove(path);
        }

        foreach (var (path, mask) in wanted)
        {
            // A path may name another file than before; to watch the same one twice changes nothing.
            var watch = files.AddWatch(_inotify, path, mask);
            if (watch >= 0) _watches[path] = watch;
            else _watches.Remove(path);
        }
    }

    /// <summary>Waits for a change, the end of the time, or <see cref="Stop"/>; whether a look is due, as names have changed.</summary>
    public bool Wait(TimeSpan longest)
    {
        var fds = stackalloc LogLibc.PollFd[3];
        fds[0] = new LogLibc.PollFd { Fd = (int)_stop.DangerousGetHandle(), Events = LogLibc.PollIn };
        fds[1] = new LogLibc.PollFd { Fd = _inotify.IsInvalid ? -1 : (int)_inotify.DangerousGetHandle(), Events = LogLibc.PollIn };
        fds[2] = new LogLibc.PollFd { Fd = (int)_wake.DangerousGetHandle(), Events = LogLibc.PollIn };
        LogLibc.Poll(fds, 3, (int)Math.Min(int.MaxValue, Math.Max(0, longest.TotalMilliseconds)));
        var names = (fds[1].Happened & LogLibc.PollIn) != 0 && Drain();
        if ((fds[2].Happened & LogLibc.PollIn) == 0) return names;
        var taken = 0UL;
        LogLibc.Read(_wake, (byte*)&taken, sizeof(ulong));
        return true;
    }

    /// <summary>Lets time pass; <see cref="Stop"/> ends it early, and does not keep a later one from passing.</summary>
    public void Pause(TimeSpan time)
    {
        var fd = new LogLibc.PollFd { Fd = (int)_stop.DangerousGetHandle(), Events = LogLibc.PollIn };
        LogLibc.Poll(&fd, _stopped ? 0U : 1U, (int)Math.Ceiling(time.TotalMilliseconds));
    }

    /// <summary>Takes what has happened; whether a name was among it.</summary>
    public bool Drain()
    {
        var names = false;
        fixed (byte* into = _happenings)
        {
            nint count;
            while (!_inotify.IsInvalid && (count = LogLibc.Read(_inotify, into, (nuint)_happenings.Length)) > 0)
            {
                for (var at = 0; at + HeaderLength <= count; at += HeaderLength + BitConverter.ToInt32(_happenings, at + LengthOffset))
                    names |= (BitConverter.ToUInt32(_happenings, at + MaskOffset) & ~LogLibc.Modified) != 0;
            }
        }

        return names;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inotify.Dispose();
        _stop.Dispose();
        _wake.Dispose();
    }
}
