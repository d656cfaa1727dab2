using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf.Native;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// Waits for records on the reader's thread: drain, <see cref="Wait"/>, drain. It is the wake-up per event that slows a
/// workload, so that after a drain it first lets records gather: for a moment at first, so that what follows an event closely is
/// not late, and longer and longer while they flow on.
/// </summary>
/// <remarks>
/// The kernel notifies only when the published position stands exactly at the new record, and reports the ring readable as
/// long as anything in it is not published. With a position that lags behind reading, epoll would thus either miss a record
/// or return at once for ever. It is used only while the kernel sees the ring as empty; until then a timer is.
/// </remarks>
public sealed unsafe class RingWaiter : IDisposable
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(4);

    /// <summary>The first moment. A process that is forked, executes and ends is over in some three of them.</summary>
    private const long ShortestNs = 250_000;

    private const int EventSize = 12;

    private readonly RingReader _reader;
    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _wake;
    private ulong _position;
    private readonly long _longestNs;
    private long _gatherNs = ShortestNs;
    private long _pauseNs = ShortestNs;
    private volatile bool _stopped;
    private volatile bool _woken;

    /// <summary>Makes a waiter for <paramref name="reader"/>.</summary>
    /// <param name="maps">The ring.</param>
    /// <param name="reader">The reader, of the same thread.</param>
    /// <param name="interval">How long records gather at most while they flow; 4 ms when null.</param>
    public RingWaiter(SharedMaps maps, RingReader reader, TimeSpan? interval = null)
    {
        _longestNs = (interval ?? DefaultInterval).Ticks * 100;
        _reader = reader;
        _position = reader.Position;
        _epoll = Libc.CreateEpoll();
        _wake = Libc.CreateEventFd();
        Add(maps.Ring);
        Add(_wake);
    }

    /// <summary>Whether <see cref="Stop"/> was called.</summary>
    public bool Stopped => _stopped;

    /// <summary>
    /// Returns when there may be something to read, after <paramref name="milliseconds"/> at the latest (-1: no limit), or
    /// at once after <see cref="Stop"/>. While read records are unpublished it returns every few milliseconds at most.
    /// </summary>
    /// <returns>False after <see cref="Stop"/>.</returns>
    public bool Wait(int milliseconds)
    {
        if (_stopped) return false;
        if (_reader.Position != _position)
        {
            _position = _reader.Position;
            Libc.Pause(_gatherNs);
            _gatherNs = Math.Min(_gatherNs * 2, _longestNs);
            _pauseNs = ShortestNs;
        }

        if (_reader.CanRead()) return !_stopped;
        _gatherNs = ShortestNs;
        if (_reader.IsSettled())
        {
            var happenings = stackalloc byte[2 * (EventSize + 4)];
            Libc.epoll_wait(_epoll, happenings, 2, milliseconds);
            if (_woken && !_stopped) ForgetWake();
            return !_stopped;
        }

        Libc.Pause(milliseconds < 0 ? _pauseNs : Math.Min(_pauseNs, milliseconds * 1_000_000L));
        _pauseNs = Math.Min(_pauseNs * 2, _longestNs);
        return !_stopped;
    }

    /// <summary>Ends the current and every later <see cref="Wait"/>; from any thread.</summary>
    public void Stop()
    {
        _stopped = true;
        Wake();
    }

    /// <summary>Ends the current <see cref="Wait"/>, or the next; from any thread.</summary>
    public void Wake()
    {
        var one = 1UL;
        _woken = true;
        Libc.write(_wake, &one, sizeof(ulong));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _epoll.Dispose();
        _wake.Dispose();
    }

    private void ForgetWake()
    {
        var count = 0UL;
        _woken = false;
        Libc.read(_wake, &count, sizeof(ulong));
    }

    private void Add(SafeFileHandle fd)
    {
        var happening = stackalloc byte[EventSize + 4];
        new Span<byte>(happening, EventSize + 4).Clear();
        *(uint*)happening = Libc.PollIn;
        if (Libc.epoll_ctl(_epoll, Libc.EpollAdd, fd, happening) != 0)
            throw new BpfException("the ring cannot be waited for", Marshal.GetLastPInvokeError());
    }
}
