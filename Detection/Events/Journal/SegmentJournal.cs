namespace Picket.Detection.Events.Journal;

/// <summary>
/// An append-only log of records in segment files, bounded in bytes. Appends are serialised; every named reader has a
/// position that survives the process. What was acknowledged survives the process's death always, and a power cut as far as
/// <see cref="JournalOptions.Sync"/> says.
/// </summary>
public sealed class SegmentJournal : IDisposable
{
    private readonly IFileSpace _files;
    private readonly string _folder;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly IDisposable _lock;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PositionFile> _positions;
    private readonly List<JournalReader> _readers = [];
    private readonly ITimer? _syncTimer;
    private JournalSegment[] _segments;
    private IFileHandle? _active;
    private byte[] _frame = new byte[4096];
    private long _end;
    private long _retryAt = long.MinValue;
    private AppendOutcome _refusal;
    private bool _tailDirty;
    private bool _mustRoll;
    private int _unsynced;
    private long _syncFailures;
    private bool _disposed;

    private SegmentJournal(IFileSpace files, string folder, JournalOptions options, TimeProvider time, IDisposable held)
    {
        _files = files;
        _folder = folder;
        _options = options;
        _time = time;
        _lock = held;
        var recovery = new JournalRecovery(files, folder, options);
        recovery.Run();
        Findings = recovery.Findings;
        _positions = recovery.Positions;
        _segments = [.. recovery.Segments];
        _end = recovery.Floor;

        // An address that a reader has passed is never given to another record, even if the record there was lost.
        _mustRoll = _segments.Length > 0 && _segments[^1].End != _end;
        if (options.Sync == SyncPolicy.Interval)
            _syncTimer = time.CreateTimer(_ => SyncIfNeeded(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What was found wrong when the journal was opened.</summary>
    public IReadOnlyList<JournalFinding> Findings { get; }

    /// <summary>Address behind the last record: where a reader that has caught up stands.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>Address of the oldest record kept.</summary>
    public long Start => Segments is [var first, ..] ? first.Start : End;

    /// <summary>Bytes on disk, readers' positions apart.</summary>
    public long Bytes
    {
        get
        {
            var sum = 0L;
            foreach (var segment in Segments) sum += segment.Bytes;
            return sum;
        }
    }

    /// <summary>How often the device refused to make records durable. The records are still there for readers.</summary>
    public long SyncFailures => Interlocked.Read(ref _syncFailures);

    private JournalSegment[] Segments => Volatile.Read(ref _segments);

    /// <summary>Opens the journal in <paramref name="folder"/>, which is created when absent, and repairs what a crash left.</summary>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    /// <exception cref="JournalFormatException">The folder holds a journal of another kind or of a newer version; nothing was
    /// touched.</exception>
    /// <exception cref="IOException">The folder cannot be used, or another process has the journal open.</exception>
    public static SegmentJournal Open(IFileSpace files, string folder, JournalOptions options, TimeProvider time)
    {
        options.Validate();
        files.EnsureFolder(folder);
        var held = files.TryLock(Path.Combine(folder, "lock"))
            ?? throw new IOException($"the journal in {folder} is in use by another process");
        try
        {
            return new SegmentJournal(files, folder, options, time, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Appends a record of 1 to <see cref="JournalOptions.MaxRecordBytes"/> bytes.</summary>
    /// <param name="payload">The record.</param>
    /// <param name="end">Address behind it when it was appended.</param>
    public AppendOutcome TryAppend(ReadOnlySpan<byte> payload, out long end)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(payload.Length, 1, nameof(payload));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, _options.MaxRecordBytes, nameof(payload));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            end = _end;

            // While the disk refuses, callers are told at once: each try would cost a system call, an exception and a half-written frame.
            if (_time.GetTimestamp() < _retryAt) return _refusal;
            var outcome = Append(payload);
            if (outcome is AppendOutcome.NoSpace or AppendOutcome.Failed)
            {
                _refusal = outcome;
                _retryAt = _time.GetTimestamp() + (long)(_options.RetryDelay.TotalSeconds * _time.TimestampFrequency);
            }

            end = _end;
            return outcome;
        }
    }

    /// <summary>Opens the reader called <paramref name="name"/> at its kept position; a new one starts at the oldest record.</summary>
    /// <param name="name">Letters, digits and hyphens.</param>
    public JournalReader OpenReader(string name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '-')
                throw new ArgumentException($"'{name}' is no reader's name", nameof(name));
        }

        lock (_gate)
        {
            if (!_positions.Remove(name, out var file))
                file = PositionFile.Load(_files, Path.Combine(_folder, name + PositionFile.Extension));
            var reader = new JournalReader(this, name, file, Math.Max(file.Loaded, Start));
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>
    /// A reader from <paramref name="position"/> whose place is not kept and which holds nothing back from being trimmed.
    /// </summary>
    public JournalReader ReadFrom(long position) => new(this, "", null, position);

    /// <summary>Removes the segments that lie wholly before <paramref name="position"/>, but never the last one.</summary>
    /// <exception cref="IOException">A file could not be removed.</exception>
    public void Trim(long position)
    {
        lock (_gate)
        {
            while (_segments.Length > 1 && _segments[0].End <= position) RemoveOldest();
        }
    }

    /// <summary>Makes everything appended so far durable; false when the device failed.</summary>
    public bool Sync()
    {
        IFileHandle? file;
        lock (_gate) file = _active;
        Volatile.Write(ref _unsynced, 0);
        if (file is null || file.Sync()) return true;
        lock (_gate)
        {
            // A segment that was sealed meanwhile was synced by whoever sealed it.
            if (file != _active) return true;

            // After a failed sync the kernel may hold the pages for clean: asking again would say yes and mean nothing.
            _mustRoll = true;
        }

        Interlocked.Increment(ref _syncFailures);
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _syncTimer?.Dispose();
        if (_options.Sync != SyncPolicy.None && !_disposed) Sync();
        lock (_gate)
        {
            _disposed = true;
            _active?.Dispose();
            _active = null;
            foreach (var file in _positions.Values) file.Dispose();
            _lock.Dispose();
        }
    }

    /// <summary>The segment in which a reader at <paramref name="position"/> goes on; null when it has read all.</summary>
    internal JournalSegment? SegmentAt(long position)
    {
        foreach (var segment in Segments)
        {
            if (segment.End > position) return segment;
        }

        return null;
    }

    internal SegmentScanner Scan(JournalSegment segment) => new(_files.Open(segment.Path, write: false), segment, _options.MaxRecordBytes);

    internal void Forget(JournalReader reader)
    {
        lock (_gate) _readers.Remove(reader);
    }

    private void SyncIfNeeded()
    {
        if (Volatile.Read(ref _unsynced) != 0) Sync();
    }

    private AppendOutcome Append(ReadOnlySpan<byte> payload)
    {
        var size = JournalFrame.SizeFor(payload.Length);
        var outcome = MakeRoom(size + JournalSegment.HeaderSize);
        if (outcome != AppendOutcome.Done) return outcome;
        outcome = Prepare(size);
        if (outcome != AppendOutcome.Done) return outcome;
        var segment = _segments[^1];
        if (_frame.Length < size) _frame = new byte[Math.Max(size, _frame.Length * 2)];
        var frame = _frame.AsSpan(0, size);
        JournalFrame.Write(frame, segment.End, payload);
        var written = _active!.Write(segment.OffsetOf(segment.End), frame);
        if (written == WriteOutcome.Done && _options.Sync == SyncPolicy.Each && !_active.Sync())
        {
            Interlocked.Increment(ref _syncFailures);
            _mustRoll = true;
            written = WriteOutcome.Failed;
        }

        if (written != WriteOutcome.Done)
        {
            _tailDirty = !_active.Truncate(segment.OffsetOf(segment.End));
            return written == WriteOutcome.NoSpace ? AppendOutcome.NoSpace : AppendOutcome.Failed;
        }

        segment.End += size;
        Volatile.Write(ref _end, segment.End);

        // Nothing to sync, no timer: a node at rest is not woken for it.
        if (Interlocked.Exchange(ref _unsynced, 1) == 0) _syncTimer?.Change(_options.SyncInterval, Timeout.InfiniteTimeSpan);
        return AppendOutcome.Done;
    }

    /// <summary>Gives up the oldest segments that every reader has passed, for as long as the bound asks for it.</summary>
    private AppendOutcome MakeRoom(long bytes)
    {
        while (Bytes + bytes > _options.MaxBytes)
        {
            if (_segments.Length < 2 || _readers.Count == 0) return AppendOutcome.Full;
            var passed = long.MaxValue;
            foreach (var reader in _readers) passed = Math.Min(passed, reader.Committed);
            if (_segments[0].End > passed) return AppendOutcome.Full;
            try
            {
                RemoveOldest();
            }
            catch (IOException)
            {
                return AppendOutcome.Failed;
            }
        }

        return AppendOutcome.Done;
    }

    /// <summary>Sees to it that the last segment is open, ends where it should and has room.</summary>
    private AppendOutcome Prepare(int size)
    {
        if (_tailDirty && _active is not null)
        {
            if (!_active.Truncate(_segments[^1].OffsetOf(_segments[^1].End))) return AppendOutcome.Failed;
            _tailDirty = false;
        }

        if (_segments.Length == 0 || _mustRoll || _segments[^1].Bytes + size > _options.SegmentBytes) return Roll();
        if (_active is not null) return AppendOutcome.Done;
        try
        {
            _active = _files.Open(_segments[^1].Path, write: true);
            return AppendOutcome.Done;
        }
        catch (IOException)
        {
            return AppendOutcome.Failed;
        }
    }

    private AppendOutcome Roll()
    {
        if (_active is not null && _options.Sync != SyncPolicy.None && !_active.Sync()) Interlocked.Increment(ref _syncFailures);

        // An empty last segment would get the same name again; it is of no use, so its address is given up.
        var start = _end;
        if (_segments.Length > 0 && _segments[^1].Start == start) start += 8;
        var path = Path.Combine(_folder, JournalSegment.NameFor(start));
        var outcome = Create(path, start, out var file);
        if (file is null) return outcome;
        _active?.Dispose();
        _active = file;
        _mustRoll = false;
        _end = start;
        Volatile.Write(ref _segments, [.. _segments, new JournalSegment(path, start, start)]);
        return AppendOutcome.Done;
    }

    private AppendOutcome Create(string path, long start, out IFileHandle? file)
    {
        file = null;
        try
        {
            _files.Delete(path); // left by a creation that failed half-way; no record can be in it
            file = _files.TryCreate(path, groupReadable: false);
            if (file is null) return AppendOutcome.NoSpace;
            var written = file.Write(0, JournalSegment.MakeHeader(_options.Kind, start));
            if (written == WriteOutcome.Done && (_options.Sync == SyncPolicy.None || (file.Sync() && _files.SyncFolder(_folder))))
                return AppendOutcome.Done;
            file.Dispose();
            file = null;
            _files.Delete(path);
            return written == WriteOutcome.NoSpace ? AppendOutcome.NoSpace : AppendOutcome.Failed;
        }
        catch (IOException)
        {
            file?.Dispose();
            file = null;
            return AppendOutcome.Failed;
        }
    }

    private void RemoveOldest()
    {
        _files.Delete(_segments[0].Path);
        Volatile.Write(ref _segments, _segments[1..]);
    }
}
