using Microsoft.Data.Sqlite;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>
/// The one writer: a thread that takes what waits and stores it in one transaction, so that callers who come while the disk is syncing
/// share the next sync. A change that fails by itself is left out and the others are stored; a disk that fails fails them all.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MostAtOnce = 1024;
    private static readonly TimeSpan CheckpointWait = TimeSpan.FromMilliseconds(100);

    private readonly Lock _sync = new();
    private readonly Queue<SqliteWrite> _waiting = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteSession _session;
    private readonly string _path;
    private readonly FileInfo _log;
    private readonly long _logLimit;
    private readonly TimeSpan _busyTimeout;
    private long _nextCutAt;
    private bool _closing;
    private long _commits;
    private long _writes;

    public SqliteWriter(SqliteConnection connection, string path, SqliteOptions options)
    {
        _path = path;
        _log = new FileInfo(path + "-wal");
        _logLimit = _nextCutAt = options.WalLimitBytes;
        _busyTimeout = options.BusyTimeout;
        _session = new SqliteSession(connection, path);
        new Thread(Run) { Name = "picket-sqlite", IsBackground = true }.Start();
    }

    /// <summary>Transactions that were committed.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Changes that were stored by them.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Stores a change with the next transaction.</summary>
    public Task<long> WriteAsync(Func<SqliteSession, long> apply, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<long>(cancellationToken);
        var write = new SqliteWrite(apply, cancellationToken);
        lock (_sync)
        {
            if (_closing) return Task.FromException<long>(new SqlStoreException(SqlFailure.Closed, "the store is closed", _path));
            _waiting.Enqueue(write);
            if (_waiting.Count == 1) _arrived.Release();
        }

        return write.Done;
    }

    /// <summary>Stores what waits, works off the log and closes.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_sync)
        {
            if (!_closing) _arrived.Release();
            _closing = true;
        }

        return new ValueTask(_ended.Task);
    }

    private void Run()
    {
        try
        {
            var group = new List<SqliteWrite>();
            while (Take(group))
            {
                Store(group);
                group.Clear();
            }

            _session.CutLog(CheckpointWait, _busyTimeout);
            _session.Dispose();
            _arrived.Dispose();
            _ended.SetResult();
        }
        catch (Exception failure)
        {
            // Who closes the store hears of it; on a thread of its own it would end the process.
            _ended.SetException(SqliteErrors.Translate(failure, _path));
        }
    }

    /// <summary>What waits, at least one; false when nothing will come any more.</summary>
    private bool Take(List<SqliteWrite> group)
    {
        while (true)
        {
            lock (_sync)
            {
                while (group.Count < MostAtOnce && _waiting.TryDequeue(out var next))
                {
                    if (!next.IsWithdrawn) group.Add(next);
                }

                if (group.Count > 0) return true;
                if (_closing) return false;
            }

            _arrived.Wait();
        }
    }

    private void Store(List<SqliteWrite> group)
    {
        while (group.Count > 0)
        {
            SqliteWrite? current = null;
            try
            {
                _session.Begin();
                foreach (var write in group) (current = write).Apply(_session);
                current = null;
                _session.Commit();
            }
            catch (Exception failure)
            {
                // The thread must outlive whatever a change throws: the callers behind it wait for it.
                _session.RollBack();
                var why = SqliteErrors.Translate(failure, _path);
                if (current is not null && SqliteErrors.IsOfOneRequest(failure))
                {
                    current.Fail(why);
                    group.Remove(current);
                    continue;
                }

                foreach (var write in group) write.Fail(why);
                return;
            }

            Interlocked.Increment(ref _commits);
            Interlocked.Add(ref _writes, group.Count);
            foreach (var write in group) write.Complete();
            BoundLog();
            return;
        }
    }

    /// <summary>SQLite works the log off as it fills, but begins it anew only when no reader is in it at that moment.</summary>
    private void BoundLog()
    {
        _log.Refresh();
        var length = _log.Exists ? _log.Length : 0;
        if (length < _nextCutAt)
        {
            _nextCutAt = Math.Max(_logLimit, Math.Min(_nextCutAt, length + _logLimit / 4));
            return;
        }

        _session.CutLog(CheckpointWait, _busyTimeout);
        _log.Refresh();
        // Somebody reads on: try again when it has grown some more, not at each commit.
        _nextCutAt = _log.Exists && _log.Length >= _logLimit ? _log.Length + _logLimit / 4 : _logLimit;
    }
}
