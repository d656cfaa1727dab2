using System.Globalization;
using Picket.Detection.Events;
using Picket.Detection.Events.Journal;
using Picket.Sensors.Logs.Access;
using Picket.Sensors.Logs.Following;

namespace Picket.Sensors.Logs;

/// <summary>
/// What of the sensor outlives its actors: the pool, the positions and their commit, the counters. Made once by the composition root; the
/// actors come and go over it.
/// </summary>
public sealed class LogSensor
{
    private readonly PositionStore _store;
    private readonly TimeProvider _time;
    private readonly List<Track> _tracks;
    private readonly Lock _saving = new();
    private string? _damage;
    private long _barrier;
    private bool _dirty;
    private string? _unsaved;
    private bool? _hasSystemLog;
    private int _there = -1;

    /// <summary>Makes the sensor and reads where an earlier run stopped.</summary>
    public LogSensor(LogsOptions options, TimeProvider time)
        : this(options, DiskFileSpace.Instance, time)
    {
    }

    internal LogSensor(LogsOptions options, IFileSpace files, TimeProvider time, ILogFiles? logs = null)
    {
        Files = logs ?? DiskLogFiles.Instance;
        LeftOut = new LeftOutPaths(Files, time);
        Options = options;
        _time = time;
        _store = new PositionStore(files, options.PositionsFile);
        _tracks = _store.Load(out _damage);
        Pool = new BatchPool(options.Batches, options.BatchRecords, options.BatchBytes);
        Commit = new LogCommit(Pool);
    }

    /// <summary>What is read, and how.</summary>
    public LogsOptions Options { get; }

    /// <summary>The batches.</summary>
    public BatchPool Pool { get; }

    /// <summary>The edge to the context stage.</summary>
    public LedgerEdge Edge { get; } = new("logs->context");

    /// <summary>What became of the lines.</summary>
    public LogCounts Counts { get; } = new();

    internal LogCommit Commit { get; }

    /// <summary>The way to the logs.</summary>
    internal ILogFiles Files { get; }

    /// <summary>What of them does not answer.</summary>
    internal LeftOutPaths LeftOut { get; }

    /// <summary>When the files were looked at last, in this run or the one before, by the clock that dates files; 0 for never.</summary>
    internal long LookedNs
    {
        get => _store.LookedNs;
        set
        {
            lock (_saving) _store.LookedNs = value;
        }
    }

    /// <summary>Whether a reader has looked at the files before in this run.</summary>
    internal bool HasBegun { get; set; }

    /// <summary>The tracks, those of files that are gone included until their last batch is done. For the reading thread.</summary>
    internal IReadOnlyList<Track> Tracks
    {
        get
        {
            lock (_saving) return [.. _tracks];
        }
    }

    /// <summary>Whether there is, or soon will be, something to write down.</summary>
    internal bool HasUnsaved
    {
        get
        {
            lock (_saving) return _dirty || Commit.IsMoving || _tracks.Exists(track => track.IsFinished);
        }
    }

    /// <summary>Adds a track, which is written down before any line of it is handed on: its lines keep their ids.</summary>
    /// <returns>Why not, when that is news.</returns>
    internal string? Add(Track track)
    {
        lock (_saving) _tracks.Add(track);
        return Save(always: true);
    }

    /// <summary>Since when its entries are news, where the first read begins at its end; null before the first one.</summary>
    internal DateTimeOffset? JournalSince { get; set; }

    /// <summary>The journal's track, made on first use.</summary>
    internal Track JournalTrack()
    {
        lock (_saving)
        {
            if (_tracks.Find(track => track.Path == Track.JournalPath) is { } known) return known;
            var track = new Track(Track.JournalPath, default, 0);
            _tracks.Add(track);
            return track;
        }
    }

    /// <summary>Why the positions of the run before cannot be used; said once.</summary>
    internal string? TakeDamage()
    {
        var damage = _damage;
        _damage = null;
        return damage;
    }

    /// <summary>Writes down how far the completed batches have come.</summary>
    /// <param name="always">Also when nothing is known to have moved.</param>
    /// <returns>Why not, when that is news.</returns>
    internal string? Save(bool always = false)
    {
        lock (_saving)
        {
            // A finished track is done with when nothing of it is under way; then the next run has nothing to read again.
            var moved = _tracks.RemoveAll(track => track.IsFinished && Commit.IsSettled(track)) > 0;
            _dirty |= Commit.TakeMoved() | moved | always;
            if (!_dirty) return null;
            var problem = _store.Save(_tracks);
            _dirty = problem is not null;
            var isNews = problem is not null && _unsaved is null;
            _unsaved = problem;
            return isNews ? problem : null;
        }
    }

    /// <summary>Ends the run in order. Nothing may be under way any more.</summary>
    public void Close() => Save(always: true);

    /// <summary>The number of the next barrier, when this sensor numbers them.</summary>
    internal long NextBarrier() => Interlocked.Increment(ref _barrier);

    /// <summary>The time now.</summary>
    internal TimeProvider Time => _time;

    /// <summary>
    /// Whether the journal is to be read; false as well while that is not known. Decided once in a run: a file that comes later, or another
    /// thread's first look, changes nothing.
    /// </summary>
    internal bool ReadsJournal
    {
        get
        {
            lock (_saving) return Options.Journal is { } journal && (!journal.OnlyWithoutSystemLog || _hasSystemLog == false);
        }
    }

    /// <summary>Notes what a look has found.</summary>
    /// <param name="there">How many of the files are there.</param>
    /// <param name="systemLog">Whether one of the system's logger is among them.</param>
    internal void Looked(int there, bool systemLog)
    {
        lock (_saving)
        {
            _there = there;
            _hasSystemLog ??= systemLog;
        }
    }

    /// <summary>Notes that there is no first look to wait for.</summary>
    internal void NotLooked()
    {
        lock (_saving) _hasSystemLog ??= false;
    }

    /// <summary>What there is to read, for people: one line, of what the looks found. It touches no log, which may not answer.</summary>
    public string Describe()
    {
        int there;
        lock (_saving) there = _there;
        var files = there < 0 ? "none looked at yet" : string.Create(CultureInfo.InvariantCulture, $"{there} files");
        var leftOut = string.Concat(LeftOut.Places.Select(place => $", {place.Path} left out as it does not answer"));
        var journal = Options.Journal switch
        {
            null => "not the journal",
            _ when !ReadsJournal => "not the journal",
            { } reading when File.Exists(reading.Command) => $"the journal by {reading.Command}",
            { } reading => $"not the journal, as {reading.Command} is not there",
        };
        return $"logs: {files} of {Options.Files.Count} paths{leftOut}, {journal}";
    }
}
