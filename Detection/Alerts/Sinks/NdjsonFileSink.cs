using Picket.Detection.Alerts.Outbox;
using Picket.Detection.Events.Journal;

namespace Picket.Detection.Alerts.Sinks;

/// <summary>
/// Writes alerts as NDJSON, whole lines only: a line that a crash or a full disk cut short is taken back. Rotated by rename, so
/// that readers by name and readers by inode both see every line. Follows when the file is moved or removed from outside.
/// </summary>
/// <remarks>An alert is readable by other processes as soon as <see cref="Write"/> returns; <see cref="FileSinkOptions.Sync"/> says when
/// it survives a power cut. What a power cut takes from the file is written again from the outbox.</remarks>
public sealed class NdjsonFileSink : IAlertSink, ISyncedSink, IDisposable
{
    private const int RememberedIds = 65_536;

    private readonly IFileSpace _files;
    private readonly FileSinkOptions _options;
    private readonly Action<SinkNotice> _notices;
    private readonly string _folder;
    private readonly RecentIds _written = new(RememberedIds);
    private IFileHandle? _file;
    private byte[] _line = new byte[4096];
    private long _length;
    private bool _tailDirty;
    private bool _held;

    /// <summary>Opens or creates the file and its folder, repairs its end, and reads which alerts it has.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="notices">Told what happens to the file; called on the writing thread.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    /// <exception cref="IOException">The file is a link or a folder, or cannot be opened.</exception>
    public NdjsonFileSink(IFileSpace files, FileSinkOptions options, Action<SinkNotice> notices)
    {
        options.Validate();
        _files = files;
        _options = options;
        _notices = notices;
        _folder = Path.GetDirectoryName(options.Path) ?? "/";
        files.EnsureFolder(_folder);
        if (files.Exists(options.Path)) OpenExisting();
        ReadWritten();
    }

    /// <summary>Bytes in the current file.</summary>
    public long Length => _length;

    /// <inheritdoc/>
    public SinkResult Write(OutboxEntry entry)
    {
        if (_written.Contains(entry.Id)) return SinkResult.Written;
        var size = entry.Line.Length + 1;
        if (!Prepare(size)) return Hold("there is no room for a new file");
        if (_line.Length < size) _line = new byte[Math.Max(size, _line.Length * 2)];
        entry.Line.CopyTo(_line);
        _line[size - 1] = (byte)'\n';
        var outcome = _file!.Write(_length, _line.AsSpan(0, size));
        if (outcome == WriteOutcome.Done && _options.Sync == SyncPolicy.Each && !_file.Sync()) outcome = WriteOutcome.Failed;
        if (outcome != WriteOutcome.Done)
        {
            _tailDirty = !_file.Truncate(_length);
            return Hold(outcome == WriteOutcome.NoSpace ? "the disk is full" : "the device failed");
        }

        _length += size;
        _written.Add(entry.Id);
        if (_held) Resume();
        return SinkResult.Written;
    }

    /// <inheritdoc/>
    public bool Sync()
    {
        if (_options.Sync != SyncPolicy.Interval) return true;
        var file = Volatile.Read(ref _file);

        // A file that was rotated away meanwhile was synced by the rotation.
        return file is null || file.Sync() || file != Volatile.Read(ref _file);
    }

    /// <inheritdoc/>
    public void Dispose() => Volatile.Read(ref _file)?.Dispose();

    /// <summary>
    /// Sees to it that the file is the one that has the name, ends with a line feed and has room. False: no room on the disk.
    /// </summary>
    private bool Prepare(int size)
    {
        if (_file is not null && !_file.IsAt(_options.Path))
        {
            Close();
            _notices(
                new SinkNotice("file", "sink-reopened",
                    $"{_options.Path} was moved or removed by somebody else; writing goes on in a new file"));
        }

        // Somebody may have made it: the guard, whose line comes first.
        if (_file is null && _files.Exists(_options.Path)) OpenExisting();
        if (_file is not null) FollowLength();
        if (_tailDirty)
        {
            if (!_file!.Truncate(_length)) return false;
            _tailDirty = false;
        }

        if (_file is not null && _length > 0 && _length + size > _options.MaxFileBytes) Rotate();
        if (_file is not null) return true;
        var file = _files.TryCreate(_options.Path, _options.GroupReadable);
        if (file is null) return false;
        file.AppendOnly();
        _length = 0;
        Volatile.Write(ref _file, file);
        if (_options.Sync != SyncPolicy.None) _files.SyncFolder(_folder);
        return true;
    }

    /// <summary>Somebody who cut the file (a rotation by copy) or wrote into it must not make us write holes or into their lines.</summary>
    private void FollowLength()
    {
        var length = _file!.Length;
        if (length == _length || _tailDirty) return;
        _length = length;
        RepairEnd(_file);
    }

    private void OpenExisting()
    {
        var file = _files.Open(_options.Path, write: true);
        _length = file.Length;
        CutAtHole(file);
        RepairEnd(file);

        // The node's guard appends lines of its own: between the look at the length and the write it must not be written over.
        file.AppendOnly();
        Volatile.Write(ref _file, file);
    }

    /// <summary>
    /// Behind a hole that a power cut left nothing was synced, so the reader's position is before it and all of it comes again.
    /// Without syncs that is not so, and what is behind the hole stays.
    /// </summary>
    private void CutAtHole(IFileHandle file)
    {
        if (_options.Sync == SyncPolicy.None) return;
        var hole = WrittenTail.FirstHole(file, _options.TailBytes);
        if (hole < 0 || !file.Truncate(hole)) return;
        _notices(
            new SinkNotice("file", "sink-repaired",
                $"{_options.Path} had a hole of a power cut; {_length - hole} bytes behind it are written again"));
        _length = hole;
    }

    private void RepairEnd(IFileHandle file)
    {
        var whole = WrittenTail.WholeLength(file);
        if (whole == _length) return;
        var cut = _length - whole;
        if (WrittenTail.IsOurs(file, whole))
        {
            _length = whole;
            _tailDirty = !file.Truncate(whole);
            _notices(
                new SinkNotice("file", "sink-repaired",
                    $"{_options.Path} ended with {cut} bytes of a line that was cut short; they were removed"));
        }
        else if (file.Write(_length, "\n"u8) == WriteOutcome.Done)
        {
            _length++;
            _notices(
                new SinkNotice("file", "sink-repaired",
                    $"{_options.Path} ended with {cut} bytes that are not ours; they were left as a line of their own"));
        }
    }

    private void Rotate()
    {
        if (_options.Sync != SyncPolicy.None) _file!.Sync();
        Close();
        for (var number = _options.MaxFiles; number >= 1; number--)
        {
            var from = number == 1 ? _options.Path : Numbered(number - 1);
            if (_files.Exists(from)) _files.Rename(from, Numbered(number));
        }

        if (_options.MaxFiles == 0) _files.Delete(_options.Path);
    }

    private string Numbered(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{_options.Path}.{number}");

    private void Close()
    {
        _file?.Dispose();
        Volatile.Write(ref _file, null);
        _tailDirty = false;
        _length = 0;
    }

    /// <summary>From the oldest file that the budget reaches to the current one, so that the youngest ids are forgotten last.</summary>
    private void ReadWritten()
    {
        var budget = _options.TailBytes;
        var tails = new Stack<List<StableId>>();
        for (var number = 0; number <= _options.MaxFiles && budget > 0; number++)
        {
            var path = number == 0 ? _options.Path : Numbered(number);
            if (!_files.Exists(path)) continue; // a crash among the renames leaves a gap
            var ids = new List<StableId>();
            using var file = _files.Open(path, write: false);
            budget -= WrittenTail.ReadIds(file, budget, ids.Add);
            tails.Push(ids);
        }

        while (tails.TryPop(out var ids))
        {
            foreach (var id in ids) _written.Add(id);
        }
    }

    private SinkResult Hold(string reason)
    {
        if (!_held)
            _notices(new SinkNotice("file", "sink-held", $"alerts wait in the outbox: {_options.Path} cannot be written to, {reason}"));
        _held = true;
        return SinkResult.HeldBack;
    }

    private void Resume()
    {
        _held = false;
        _notices(new SinkNotice("file", "sink-resumed", $"{_options.Path} takes alerts again; none was lost"));
    }
}
