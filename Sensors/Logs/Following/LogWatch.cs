using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using Picket.Detection.Events;
using Picket.Sensors.Logs.Access;
using Picket.Sensors.Logs.Native;

namespace Picket.Sensors.Logs.Following;

/// <summary>
/// Follows the configured files through everything that happens to logs: they appear late, are renamed, replaced, copied and truncated,
/// and written on meanwhile. One thread drives it; it waits for nothing.
/// </summary>
internal sealed class LogWatch : IDisposable
{
    private readonly LogSensor _sensor;
    private readonly Action<LogFinding> _say;
    private readonly LogAccess _files;
    private readonly Remains _remains;
    private readonly LineReader _reader;
    private readonly List<Follower> _followers = [];
    private readonly Dictionary<string, string> _unreadable = new(StringComparer.Ordinal);
    private readonly HashSet<FileIdentity> _copies = [];
    private readonly List<Track> _postponed = [];
    private readonly List<LeftOutPlace> _leftOut;
    private readonly List<LeftOutPlace> _answered = [];
    private readonly HashSet<string> _there = new(StringComparer.Ordinal);
    private bool _systemLog;
    private bool _resumed;
    private long _since;

    public LogWatch(LogSensor sensor, LogAccess files, Action<LogFinding> say)
    {
        _sensor = sensor;
        _files = files;
        _say = say;
        _remains = new Remains(files);
        _leftOut = [.. files.LeftOut.Places];
        _reader = new LineReader(new LineDecoder(sensor.Time), sensor.Options.MaxLineBytes, files);
    }

    /// <summary>Whether <see cref="Fill"/> ended for want of a batch and not of lines.</summary>
    public bool WaitsForBatch { get; private set; }

    /// <summary>The files that are followed where they are, for who waits for their changes.</summary>
    public IEnumerable<string> Files => _followers.Where(file => file.AwaySince is null).Select(file => file.Track.Path);

    /// <summary>The folders in which files may appear.</summary>
    public IEnumerable<string> Folders => _sensor.Options.Files.SelectMany(files => Listed(files.Path, PathPattern.Folders)).Distinct();

    /// <summary>Looks which files there are now, and whether they are still where they were.</summary>
    public void Look()
    {
        var first = !_sensor.HasBegun;
        var now = LogLibc.FileClockNs;
        _since = _sensor.LookedNs;
        if (!_resumed) Resume();
        TryAgain();
        _there.Clear();
        foreach (var watched in _sensor.Options.Files)
        {
            foreach (var path in Listed(watched.Path, PathPattern.Files)) LookAt(path, watched, first);
        }

        _sensor.HasBegun = true;
        _answered.Clear();
        foreach (var file in _followers.ToList()) Place(file);
        _followers.RemoveAll(IsOver);
        _sensor.LookedNs = now;
        if (_since == 0) _files.Keep(_sensor.Options.PositionsFile, () => _sensor.Save(always: true));
        _sensor.Looked(_there.Count, _systemLog);
    }

    /// <summary>Fills a batch from the next file that has something.</summary>
    /// <param name="batch">The batch, with lines of one file or none; the caller has a hold on it.</param>
    /// <param name="track">Whose lines they are.</param>
    /// <param name="position">Where the batch ends.</param>
    /// <returns>Whether a position has moved; false when there is nothing to read, or no batch to read it into.</returns>
    public bool Fill([NotNullWhen(true)] out EventBatch? batch, [NotNullWhen(true)] out Track? track, out long position)
    {
        WaitsForBatch = false;
        for (var i = 0; i < _followers.Count; i++)
        {
            var file = _followers[i];
            if (!IsSame(file))
            {
                _followers.RemoveAt(i--);
                BeginAnew(file);
                continue;
            }

            if (file.Size <= file.Position) continue;
            WaitsForBatch = _sensor.Pool.Outstanding == _sensor.Pool.Size;
            if (WaitsForBatch) break;
            if (!Load(file)) continue;
            WaitsForBatch = !_sensor.Pool.TryRent(out batch);
            if (batch is null) break;
            (track, position) = (file.Track, file.Position);
            batch.Begin(track.Source, _sensor.Commit);
            _reader.Take(file, batch, IsLast(file));
            if (file.TakeCut()) _say(LogFinding.LongLine(track.Path, _sensor.Options.MaxLineBytes));
            if (file.Position == position)
            {
                // A line that has no end yet.
                batch.LetGo();
                continue;
            }

            // The next call begins with another file, so that a busy one does not keep the others waiting.
            position = file.Position;
            if (file.AwaySince is not null) file.AwaySince = Now;
            _followers.RemoveAt(i);
            _followers.Add(file);
            return true;
        }

        (batch, track, position) = (null, null, 0);
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _followers) file.Dispose();
        _followers.Clear();
    }

    private long Now => _sensor.Time.GetTimestamp();

    /// <summary>Goes on where the run before, or the thread before, stopped.</summary>
    private void Resume()
    {
        _resumed = true;
        if (_sensor.TakeDamage() is { } damage) _say(LogFinding.PositionsDamaged(_sensor.Options.PositionsFile, damage));
        var tracks = _sensor.Tracks;
        foreach (var track in tracks)
        {
            if (track.IsFinished || track.Path == Track.JournalPath) continue;
            if (ServiceOf(track.Path) is null)
            {
                // It is not configured any more.
                track.IsFinished = true;
                continue;
            }

            if (IsLeftOut(track.Path)) _postponed.Add(track);
            else Resume(track, tracks);
        }
    }

    /// <summary>Goes on with one file; whether it is where it was and as it was.</summary>
    private bool Resume(Track track, IReadOnlyList<Track> tracks)
    {
        var service = ServiceOf(track.Path)!;
        var newer = tracks.Any(other => other.Identity == track.Identity && other.Epoch > track.Epoch);
        if (!newer && Open(track.Path, out var facts, out _) is { } handle)
        {
            if (facts.Identity == track.Identity)
            {
                var file = new Follower(track, service, handle, _sensor.Counts, _files);
                if (!IsSame(file))
                {
                    BeginAnew(file);
                    return false;
                }

                _followers.Add(file);
                return true;
            }

            _files.Close(handle, track.Path);
        }

        FollowRemains(track, service, newer, LogFinding.Gap);
        return false;
    }

    /// <summary>Goes on with what was left out and is no longer, and says where.</summary>
    private void TryAgain()
    {
        var still = _files.LeftOut.Places;
        foreach (var place in _leftOut.Where(place => !still.Contains(place)).ToList())
        {
            List<string> readOn = [];
            var looked = _since;
            _since = Math.Min(_since, NsOf(place.Since));
            _leftOut.Remove(place);
            _answered.Add(place);
            foreach (var track in _postponed.Where(track => place.Holds(track.Path) && !IsLeftOut(track.Path)).ToList())
            {
                _postponed.Remove(track);
                if (Resume(track, _sensor.Tracks)) readOn.Add($"{track.Path} behind its first {track.Handed} bytes");
            }

            _since = looked;
            _say(LogFinding.Answers(place.Path, readOn.Count == 0 ? "nothing of it had been read before, or it is another file now"
                : $"{string.Join(", ", readOn)}; nothing of it was missed"));
        }
    }

    /// <summary>The file was truncated: what it held goes on in a copy, if rotation left one, and the file from its beginning.</summary>
    private void BeginAnew(Follower file)
    {
        var old = file.Track;
        if (file.IsRemains || !_files.TryStat(file.Handle, old.Path, out var facts))
        {
            file.Dispose();
            old.IsFinished = true;
            return;
        }

        FollowRemains(old, file.Service, copyOnly: true, LogFinding.Truncated);
        Add(old.Path, file.Service, file.Handle, facts, 0).AwaySince = file.AwaySince;
    }

    /// <summary>Reads on where a track's content is now; says so when it is nowhere.</summary>
    private void FollowRemains(Track track, LogService service, bool copyOnly, Func<string, long, LogFinding> missing)
    {
        if (_remains.Open(track, copyOnly) is not { } handle)
        {
            track.IsFinished = true;
            _say(missing(track.Path, track.Handed));
            return;
        }

        _files.TryStat(handle, track.Path, out var facts);
        var renamed = facts.Identity == track.Identity;
        _copies.Add(facts.Identity);
        var file = new Follower(track, service, handle, _sensor.Counts, _files) { AwaySince = Now, IsRemains = !renamed };
        if (IsSame(file)) _followers.Add(file);
        else BeginAnew(file);
        FollowLater(track, service, facts.Identity.BirthNs);
    }

    /// <summary>Between two looks there may have been two rotations: what came between was at its path when nobody looked.</summary>
    private void FollowLater(Track track, LogService service, long bornNs)
    {
        _files.TryStat(track.Path, out var current, out _);
        foreach (var (handle, facts) in _remains.OpenLater(track, bornNs == 0 ? 0 : Math.Max(bornNs, _since),
            (handle, identity) => identity == current.Identity || IsTracked(handle, identity)))
        {
            Add(track.Path, service, handle, facts, 0).AwaySince = Now;
        }
    }

    private bool IsTracked(SafeFileHandle handle, FileIdentity identity) =>
        _copies.Contains(identity) || _sensor.Tracks.Any(track => track.Identity == identity || _remains.HasHead(handle, track));

    private void LookAt(string path, WatchedFiles watched, bool first)
    {
        if (IsOwn(path)) return;
        if (IsLeftOut(path)) return;
        if (!_files.TryStat(path, out var facts, out var errno))
        {
            if (errno is not (ErrorText.NotThere or ErrorText.NoFolder)) Unreadable(path, ErrorText.Of(errno));
            return;
        }

        if (facts.IsRegular)
        {
            _there.Add(path);
            _systemLog |= watched.IsSystemLog;
        }

        if (_followers.Any(file => file.AwaySince is null && file.Track.Identity == facts.Identity)) return;
        var handle = Open(path, out facts, out var reason);
        if (handle is null)
        {
            Unreadable(path, reason);
            return;
        }

        // What a file holds that is there when its place answers is as little news as at the first look.
        var answered = _answered.Find(place => place.Holds(path));
        var old = first || answered is not null || _unreadable.ContainsKey(path);
        var since = answered is null ? _since : Math.Min(_since, NsOf(answered.Since));
        if (_unreadable.Remove(path)) _say(LogFinding.ReadableAgain(path));
        var known = _sensor.Tracks.Any(track => track.Path == path);
        var bornSince = since > 0 && facts.Identity.BirthNs > since;
        Add(path, watched.Service, handle, facts, old && !known && !bornSince && _sensor.Options.FirstFromEnd ? facts.Size : 0);
    }

    private Follower Add(string path, LogService service, SafeFileHandle handle, in FileFacts facts, long start)
    {
        var identity = facts.Identity;
        var epoch = _sensor.Tracks.Where(track => track.Identity == identity).Select(track => track.Epoch + 1).DefaultIfEmpty(0).Max();
        var added = new Track(path, identity, epoch) { Handed = start, Committed = start };
        var file = new Follower(added, service, handle, _sensor.Counts, _files);
        IsSame(file);
        _files.Keep(_sensor.Options.PositionsFile, () => _sensor.Add(added));
        _followers.Add(file);
        return file;
    }

    /// <summary>Notes whether a file is still at its path.</summary>
    private void Place(Follower file)
    {
        if (file.IsRemains) return;
        var there = _files.TryStat(file.Track.Path, out var facts, out _) && facts.Identity == file.Track.Identity;
        if (there || file.AwaySince is not null)
        {
            file.AwaySince = there ? null : file.AwaySince;
            return;
        }

        file.AwaySince = Now;
        FollowLater(file.Track, file.Service, file.Track.Identity.BirthNs);
    }

    private bool IsOver(Follower file)
    {
        if (!IsLast(file) || !IsSame(file) || file.Size > file.Position) return false;
        file.Track.IsFinished = true;
        file.Dispose();
        return true;
    }

    /// <summary>Whether it is the file that it was. One that fails stays: it is tried again with the next change or look.</summary>
    private bool IsSame(Follower file)
    {
        try
        {
            return file.IsSame();
        }
        catch (IOException e)
        {
            Unreadable(file.Track.Path, e.Message);
            return true;
        }
    }

    private bool Load(Follower file)
    {
        try
        {
            if (!_reader.Load(file)) return false;
            if (_unreadable.Remove(file.Track.Path)) _say(LogFinding.ReadableAgain(file.Track.Path));
            return true;
        }
        catch (IOException e)
        {
            Unreadable(file.Track.Path, e.Message);
            return false;
        }
    }

    /// <summary>Whether nobody will write to it any more.</summary>
    private bool IsLast(Follower file) => file.IsRemains
        || (file.AwaySince is { } since && _sensor.Time.GetElapsedTime(since) >= _sensor.Options.RotatedLinger);

    private SafeFileHandle? Open(string path, out FileFacts facts, out string reason)
    {
        var handle = _files.Open(path, out var errno);
        facts = default;
        reason = errno == 0 ? "it is no regular file" : ErrorText.Of(errno);
        if (errno == 0 && _files.TryStat(handle, path, out facts) && facts.IsRegular) return handle;
        _files.Close(handle, path);
        return null;
    }

    private LogService? ServiceOf(string path) =>
        _sensor.Options.Files.FirstOrDefault(watched => PathPattern.Matches(watched.Path, path))?.Service;

    /// <summary>
    /// As this thread knows it: a place that is tried again meanwhile counts as left out until <see cref="TryAgain"/> has taken up what was
    /// read of it before.
    /// </summary>
    private bool IsLeftOut(string path) => _leftOut.Exists(place => place.Holds(path));

    private static long NsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;

    private bool IsOwn(string path) => _sensor.Options.Own.Any(own => path.StartsWith(own, StringComparison.Ordinal));

    private IEnumerable<string> Listed(string pattern, Func<string, ILogFiles, IEnumerable<string>> list)
    {
        try
        {
            return list(pattern, _files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Unreadable(pattern, e.Message);
            return [];
        }
    }

    private void Unreadable(string path, string reason)
    {
        if (_unreadable.GetValueOrDefault(path) == reason) return;
        _unreadable[path] = reason;
        _say(LogFinding.Unreadable(path, reason));
    }
}
