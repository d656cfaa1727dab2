namespace Picket.Sensors.Logs.Access;

/// <summary>
/// What is left alone since a thread hung at it, and the threads that hang: none can be ended, so that there is a most of them. A place
/// is tried again when what hung there comes back, when something else is mounted there, or when a thread of its own has tried it.
/// </summary>
internal sealed class LeftOutPaths(ILogFiles files, TimeProvider time)
{
    /// <summary>Threads that may hang at one time, the tries among them.</summary>
    public const int MostThreads = 8;

    /// <summary>Of a place that hangs again and again.</summary>
    private static readonly TimeSpan FirstTry = TimeSpan.FromSeconds(10), LongestWait = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, (int Times, long Last)> _history = new(StringComparer.Ordinal);
    private readonly HashSet<object> _hanging = [];
    private readonly HashSet<object> _backEarly = [];
    private LeftOutPlace[] _places = [];

    /// <summary>What is left out now.</summary>
    public IReadOnlyList<LeftOutPlace> Places => Volatile.Read(ref _places);

    /// <summary>Threads that hang now.</summary>
    public int Hanging
    {
        get
        {
            lock (_gate) return _hanging.Count;
        }
    }

    /// <summary>Whether a path is to be left alone.</summary>
    public bool Covers(string path) // hot
    {
        var places = Volatile.Read(ref _places);
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i].Holds(path)) return true;
        }

        return false;
    }

    /// <summary>A thread hangs and was left behind.</summary>
    /// <param name="thread">Who says <see cref="Back"/> should it ever go on.</param>
    public void Left(object thread)
    {
        lock (_gate) Hang(thread);
    }

    /// <summary>As above, at one path, which is left out with the whole of its mount where somebody else has to answer for that.</summary>
    public LeftOutPlace Left(object thread, in LogTurn turn, DateTimeOffset since)
    {
        var mount = MountPlace.Of(turn.Path);
        var path = mount is { IsDistant: true } ? mount.Point : turn.Path;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var again = _history.TryGetValue(path, out var known) && time.GetElapsedTime(known.Last, now) < 2 * LongestWait;
            var times = again ? known.Times + 1 : 1;
            _history[path] = (times, now);
            var place = new LeftOutPlace(path, turn.Path, turn.Words, since, mount, times);
            var wait = times == 1 ? TimeSpan.Zero : Wait(times - 1);
            var (notBefore, nextTry) = (now + Stamps(wait), now + Stamps(Wait(times)));
            var entry = new Entry(place, thread) { IsBack = !Hang(thread), NotBefore = notBefore, NextTry = nextTry };
            _entries.RemoveAll(other => other.Place.Path == path);
            _entries.Add(entry);
            Publish();
            return place;
        }
    }

    /// <summary>A thread that hung has ended.</summary>
    public void Back(object thread)
    {
        lock (_gate)
        {
            if (!_hanging.Remove(thread)) _backEarly.Add(thread);
            foreach (var entry in _entries.Where(entry => entry.Thread == thread)) entry.IsBack = true;
        }
    }

    /// <summary>Looks, now and then, what may be tried again, which is left out no longer; whether there was something.</summary>
    public bool Tend()
    {
        if (_places.Length == 0) return false;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var before = _entries.Count;
            _entries.RemoveAll(entry => now >= entry.NotBefore && (entry.IsBack || IsElsewhere(entry.Place)));
            if (_entries.Count != before) Publish();
            foreach (var entry in _entries)
            {
                if (now >= entry.NextTry && !entry.IsTried && _hanging.Count < MostThreads) Try(entry);
            }

            return _entries.Count != before;
        }
    }

    /// <summary>A thread of its own does what the reader would do; if it hangs too, it was the only one.</summary>
    private void Try(Entry entry)
    {
        entry.IsTried = true;
        _hanging.Add(entry);
        var path = entry.Place.Hung;
        new Thread(() =>
        {
            try
            {
                Touch(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // An error is an answer.
            }

            lock (_gate)
            {
                _hanging.Remove(entry);
                entry.IsBack = true;
            }
        })
        { Name = "picket-logs-try", IsBackground = true }.Start();
    }

    private void Touch(string path)
    {
        if (files.IsFolder(path))
        {
            files.Files(path);
            return;
        }

        if (!files.TryStat(path, out var facts, out _) || !facts.IsRegular) return;
        using var file = files.Open(path, out var errno);
        if (errno != 0) return;
        Span<byte> first = stackalloc byte[1];
        files.TryStat(file, path, out _);
        files.Read(file, path, first, Math.Max(0, facts.Size - 1));
    }

    /// <summary>False for a thread that has gone on meanwhile.</summary>
    private bool Hang(object thread)
    {
        if (_backEarly.Remove(thread)) return false;
        _hanging.Add(thread);
        return true;
    }

    private static bool IsElsewhere(LeftOutPlace place) => MountPlace.Of(place.Hung)?.Id != place.Mount?.Id;

    private void Publish() => Volatile.Write(ref _places, [.. _entries.Select(entry => entry.Place)]);

    private static TimeSpan Wait(int times) =>
        TimeSpan.FromTicks(Math.Min(FirstTry.Ticks << Math.Min(times - 1, 16), LongestWait.Ticks));

    private long Stamps(TimeSpan wait) => (long)(wait.TotalSeconds * time.TimestampFrequency);

    private sealed class Entry(LeftOutPlace place, object thread)
    {
        public LeftOutPlace Place { get; } = place;

        public object Thread { get; } = thread;

        public bool IsBack { get; set; }

        public bool IsTried { get; set; }

        public required long NotBefore { get; init; }

        public required long NextTry { get; init; }
    }
}
