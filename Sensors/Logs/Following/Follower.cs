using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Logs.Access;

namespace Picket.Sensors.Logs.Following;

/// <summary>A track whose file is open.</summary>
internal sealed class Follower : IDisposable
{
    private readonly ILogFiles _files;
    private readonly byte[] _head = new byte[Track.HeadLength];
    private long _modifiedNs;
    private bool _hasNewCut;
    private bool _toldCut;

    /// <summary>Opens a track at the position that was handed on last.</summary>
    /// <param name="track">The track.</param>
    /// <param name="service">The service of its lines.</param>
    /// <param name="handle">The open file, which is owned from now on.</param>
    /// <param name="count">What becomes of its lines.</param>
    /// <param name="files">The way to the files.</param>
    public Follower(Track track, LogService service, SafeFileHandle handle, LogCounts count, ILogFiles files)
    {
        _files = files;
        Track = track;
        Service = service;
        Handle = handle;
        Count = count;
        Position = track.Handed;

        // In the midst of a line, as at the end of a file on a first start, or behind the carried part of a long one.
        Span<byte> before = stackalloc byte[1];
        IsSkipping = Position > 0 && files.Read(handle, track.Path, before, Position - 1) == 1 && before[0] != '\n';
    }

    /// <summary>The track.</summary>
    public Track Track { get; }

    /// <summary>The service of its lines.</summary>
    public LogService Service { get; }

    /// <summary>The file.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>What becomes of its lines.</summary>
    public LogCounts Count { get; }

    /// <summary>Behind the last byte that was read.</summary>
    public long Position { get; private set; }

    /// <summary>Whether what follows belongs to a line whose beginning was handed on, or is not wanted.</summary>
    public bool IsSkipping { get; set; }

    /// <summary>Since when it has another name or none; null while it is where it was.</summary>
    public long? AwaySince { get; set; }

    /// <summary>Whether it is what is left of a file: a copy, to which nobody writes.</summary>
    public bool IsRemains { get; init; }

    /// <summary>Size at the last look.</summary>
    public long Size { get; private set; }

    /// <summary>Moves the position.</summary>
    public void Advance(int bytes)
    {
        Position += bytes;
        Count.Read(bytes);
    }

    /// <summary>Counts a line that was cut.</summary>
    public void Cut()
    {
        Count.Cut();
        _hasNewCut |= !_toldCut;
        _toldCut = true;
    }

    /// <summary>Whether a cut is to be told; true once.</summary>
    public bool TakeCut()
    {
        var told = _hasNewCut;
        _hasNewCut = false;
        return told;
    }

    /// <summary>
    /// Looks at the file itself; false when it is not the one it was: shorter than what was read, or with another beginning, as when it
    /// was truncated and written again between two looks, be it to the very same size.
    /// </summary>
    public bool IsSame()
    {
        if (!_files.TryStat(Handle, Track.Path, out var facts) || facts.Size < Position) return false;
        if (facts.Size == Size && facts.ModifyNs == _modifiedNs) return true;
        var count = _files.Read(Handle, Track.Path, _head, 0);
        var known = Track.Head;
        if (count < known.Length || !_head.AsSpan(0, known.Length).SequenceEqual(known)) return false;
        if (count > known.Length) Track.Head = _head.AsSpan(0, count).ToArray();
        (Size, _modifiedNs) = (facts.Size, facts.ModifyNs);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _files.Close(Handle, Track.Path);
}
