using System.Globalization;
using Picket.Detection.Alerts.Sinks;
using Picket.Detection.Events.Journal;

namespace Picket.Detection.Export;

/// <summary>
/// The file that all shards' events go to, whole lines only: what a full disk cut short is taken back. Rotated by rename; follows
/// when the file is moved or removed from outside. Nothing is forced to the disk: alerts are what must not be lost.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ExportFile : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IFileSpace _files;
    private readonly ExportOptions _options;
    private readonly Action<SinkNotice> _notices;
    private readonly IDisposable _lock;
    private IFileHandle? _file;
    private long _length;
    private bool _held;

    private ExportFile(IFileSpace files, ExportOptions options, Action<SinkNotice> notices, IDisposable held)
    {
        _files = files;
        _options = options;
        _notices = notices;
        _lock = held;
    }

    /// <summary>Opens or creates the file; what is in it stays.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="notices">Told when writing fails and when it works again; called on the writing thread.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    /// <exception cref="IOException">The file is a link or a folder, cannot be opened, or another node writes to it.</exception>
    public static ExportFile Open(IFileSpace files, ExportOptions options, Action<SinkNotice> notices)
    {
        options.Validate();
        files.EnsureFolder(Path.GetDirectoryName(options.Path) ?? "/");
        var held = files.TryLock(options.Path + ".lock")
            ?? throw new IOException("another node writes its events to this file, or its .lock cannot be written");
        var file = new ExportFile(files, options, notices, held);
        try
        {
            if (!file.Prepare(0)) throw new IOException("there is no room for it");
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds whole lines; false when none of them is in the file.</summary>
    public bool Append(ReadOnlySpan<byte> lines)
    {
        lock (_gate)
        {
            string reason;
            try
            {
                if (!Prepare(lines.Length)) return Hold("there is no room for a new file");
                var outcome = _file!.Write(_length, lines);
                if (outcome == WriteOutcome.Done)
                {
                    _length += lines.Length;
                    Resume();
                    return true;
                }

                _file.Truncate(_length);
                reason = outcome == WriteOutcome.NoSpace ? "the disk is full" : "the device failed";
            }
            catch (IOException failure)
            {
                reason = failure.Message;
            }

            return Hold(reason);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
            _lock.Dispose();
        }
    }

    /// <summary>Sees to it that the file is the one that has the name and that it has room. False: no room on the disk.</summary>
    private bool Prepare(int size)
    {
        if (_file is not null && !_file.IsAt(_options.Path)) Close();
        if (_file is not null && _length > 0 && _length + size > _options.MaxFileBytes) Rotate();
        if (_file is not null) return true;
        if (_files.Exists(_options.Path)) return Continue(_files.Open(_options.Path, write: true));
        _file = _files.TryCreate(_options.Path, _options.GroupReadable);
        _length = 0;
        return _file is not null;
    }

    /// <summary>A run that was killed may have left half a line: it stays a line of its own, and ours are whole.</summary>
    private bool Continue(IFileHandle file)
    {
        _file = file;
        _length = file.Length;
        Span<byte> last = stackalloc byte[1];
        if (_length == 0 || (file.Read(_length - 1, last) == 1 && last[0] == (byte)'\n')) return true;
        if (file.Write(_length, "\n"u8) != WriteOutcome.Done) return false;
        _length++;
        return true;
    }

    private void Rotate()
    {
        Close();
        for (var number = _options.MaxFiles; number >= 1; number--)
        {
            var from = number == 1 ? _options.Path : Numbered(number - 1);
            if (_files.Exists(from)) _files.Rename(from, Numbered(number));
        }

        if (_options.MaxFiles == 0) _files.Delete(_options.Path);
    }

    private string Numbered(int number) => string.Create(CultureInfo.InvariantCulture, $"{_options.Path}.{number}");

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    private bool Hold(string reason)
    {
        if (!_held)
            _notices(new SinkNotice("export", "export-failed", $"events are counted and not written: {_options.Path}: {reason}"));
        _held = true;
        return false;
    }

    private void Resume()
    {
        if (!_held) return;
        _held = false;
        _notices(new SinkNotice("export", "export-resumed", $"{_options.Path} takes events again; those in between are missing in it"));
    }
}
