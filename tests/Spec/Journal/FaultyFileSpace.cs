using Picket.Detection.Events.Journal;

namespace Picket.Spec.Journal;

/// <summary>
/// A file system in memory that can be killed at any operation, fill up and fail. A power cut drops what was not synced: any
/// part of the writes since the last sync of a file, in any combination, and any suffix of the unsynced changes of names.
/// </summary>
internal sealed class FaultyFileSpace(int seed = 1) : IFileSpace
{
    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();
    private Dictionary<string, Node> _names = new(StringComparer.Ordinal);
    private Dictionary<string, Node> _durableNames = new(StringComparer.Ordinal);
    private readonly List<Action<Dictionary<string, Node>>> _unsyncedNames = [];
    private readonly HashSet<string> _locks = [];
    private int _generation;

    /// <summary>Operations that change something, so far.</summary>
    internal int Operations { get; private set; }

    /// <summary>At which operation the plug is pulled; 0 for never.</summary>
    internal int PullPlugAt { get; set; }

    /// <summary>Bytes that files may still grow by.</summary>
    internal long FreeBytes { get; set; } = long.MaxValue;

    internal bool FailWrites { get; set; }

    internal bool FailSyncs { get; set; }

    internal bool FailTruncates { get; set; }

    internal bool FailFolderSyncs { get; set; }

    /// <summary>The path of a file whose reads fail; null for none.</summary>
    internal string? FailReadsOf { get; set; }

    /// <summary>The process dies; the kernel keeps what was written.</summary>
    internal void Kill()
    {
        _generation++;
        _locks.Clear();
        PullPlugAt = 0;
    }

    /// <summary>The machine dies.</summary>
    internal void CutPower()
    {
        Kill();
        var survivors = new Dictionary<string, Node>(_durableNames, StringComparer.Ordinal);
        foreach (var change in _unsyncedNames.Take(_random.Next(_unsyncedNames.Count + 1))) change(survivors);
        _unsyncedNames.Clear();
        foreach (var node in _names.Values.Concat(survivors.Values).Distinct()) node.CutPower(_random);
        _names = survivors;
        _durableNames = new Dictionary<string, Node>(survivors, StringComparer.Ordinal);
    }

    internal byte[] Content(string path) => [.. _names[path].Bytes];

    internal void Put(string path, byte[] content)
    {
        var node = new Node();
        node.Bytes.AddRange(content);
        node.Sync();
        _names[path] = node;
        _durableNames[path] = node;
    }

    public void EnsureFolder(string folder)
    {
    }

    public IReadOnlyList<string> List(string folder)
    {
        lock (_gate)
        {
            return [.. _names.Keys.Where(path => Path.GetDirectoryName(path) == folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
    }

    public bool Exists(string path)
    {
        lock (_gate) return _names.ContainsKey(path);
    }

    public IFileHandle? TryCreate(string path, bool groupReadable)
    {
        lock (_gate)
        {
            Step();
            if (_names.ContainsKey(path)) throw new IOException($"{path} exists");
            if (FreeBytes <= 0) return null;
            var node = new Node();
            Change(names => names[path] = node);
            return new Handle(this, node, _generation);
        }
    }

    public IFileHandle Open(string path, bool write)
    {
        lock (_gate) return new Handle(this, _names.GetValueOrDefault(path) ?? throw new FileNotFoundException(path), _generation);
    }

    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            Step();
            if (!_names.ContainsKey(from)) throw new FileNotFoundException(from);
            Change(names =>
            {
                if (names.Remove(from, out var node)) names[to] = node;
            });
        }
    }

    public void Delete(string path)
    {
        lock (_gate)
        {
            Step();
            if (_names.TryGetValue(path, out var node)) FreeBytes = FreeBytes == long.MaxValue ? FreeBytes : FreeBytes + node.Bytes.Count;
            Change(names => names.Remove(path));
        }
    }

    public IDisposable? TryLock(string path)
    {
        lock (_gate) return _locks.Add(path) ? new Unlock(this, path) : null;
    }

    public bool SyncFolder(string folder)
    {
        lock (_gate)
        {
            Step();
            if (FailFolderSyncs) return false;
            foreach (var change in _unsyncedNames) change(_durableNames);
            _unsyncedNames.Clear();
            return true;
        }
    }

    private void Change(Action<Dictionary<string, Node>> change)
    {
        change(_names);
        _unsyncedNames.Add(change);
    }

    private void Step()
    {
        if (PullPlugAt > 0 && Operations >= PullPlugAt) throw new PlugPulledException();
        Operations++;
        if (Operations == PullPlugAt) throw new PlugPulledException();
    }

    private sealed class Unlock(FaultyFileSpace space, string path) : IDisposable
    {
        private readonly int _generation = space._generation;

        public void Dispose()
        {
            if (_generation == space._generation) space._locks.Remove(path);
        }
    }

    private sealed class Node
    {
        private readonly List<(long Offset, byte[]? Bytes)> _unsynced = [];
        private byte[] _durable = [];

        internal List<byte> Bytes { get; } = [];

        internal void Write(long offset, byte[] bytes)
        {
            Apply(Bytes, offset, bytes);
            _unsynced.Add((offset, bytes));
        }

        internal void Truncate(long length)
        {
            Apply(Bytes, length, null);
            _unsynced.Add((length, null));
        }

        internal void Sync()
        {
            _durable = [.. Bytes];
            _unsynced.Clear();
        }

        internal void CutPower(Random random)
        {
            Bytes.Clear();
            Bytes.AddRange(_durable);
            foreach (var (offset, bytes) in _unsynced)
            {
                var fate = random.Next(3);
                if (fate == 0) continue;
                if (fate == 1 || bytes is null) Apply(Bytes, offset, bytes);
                else Apply(Bytes, offset, bytes[..random.Next(bytes.Length + 1)]);
            }

            Sync();
        }

        /// <summary>A write, or a truncation where there are no bytes.</summary>
        private static void Apply(List<byte> file, long offset, byte[]? bytes)
        {
            var end = (int)offset + (bytes?.Length ?? 0);
            if (bytes is null && file.Count > end) file.RemoveRange(end, file.Count - end);
            while (file.Count < end) file.Add(0);
            for (var i = 0; i < (bytes?.Length ?? 0); i++) file[(int)offset + i] = bytes![i];
        }
    }

    private sealed class Handle(FaultyFileSpace space, Node node, int generation) : IFileHandle
    {
        private bool _disposed;

        public long Length
        {
            get
            {
                lock (space._gate) return Live().Bytes.Count;
            }
        }

        public int Read(long offset, Span<byte> into)
        {
            lock (space._gate)
            {
                var bytes = Live().Bytes;
                if (space.FailReadsOf is { } failing && space._names.GetValueOrDefault(failing) == node) throw new IOException($"{failing} cannot be read");
                var count = (int)Math.Clamp(bytes.Count - offset, 0, into.Length);
                for (var i = 0; i < count; i++) into[i] = bytes[(int)offset + i];
                return count;
            }
        }

        public WriteOutcome Write(long offset, ReadOnlySpan<byte> bytes)
        {
            lock (space._gate)
            {
                var file = Live();
                var some = space._random.Next(bytes.Length);
                try
                {
                    space.Step();
                }
                catch (PlugPulledException)
                {
                    if (space.Operations == space.PullPlugAt) file.Write(offset, bytes[..some].ToArray());
                    throw;
                }

                if (space.FailWrites)
                {
                    file.Write(offset, bytes[..some].ToArray());
                    return WriteOutcome.Failed;
                }

                var growth = Math.Max(0, offset + bytes.Length - file.Bytes.Count);
                if (growth > space.FreeBytes)
                {
                    var fits = (int)Math.Max(0, bytes.Length - (growth - space.FreeBytes));
                    file.Write(offset, bytes[..fits].ToArray());
                    space.FreeBytes = 0;
                    return WriteOutcome.NoSpace;
                }

                if (space.FreeBytes != long.MaxValue) space.FreeBytes -= growth;
                file.Write(offset, bytes.ToArray());
                return WriteOutcome.Done;
            }
        }

        public bool Truncate(long length)
        {
            lock (space._gate)
            {
                var file = Live();
                space.Step();
                if (space.FailTruncates) return false;
                if (space.FreeBytes != long.MaxValue) space.FreeBytes += Math.Max(0, file.Bytes.Count - length);
                file.Truncate(length);
                return true;
            }
        }

        public bool Sync()
        {
            lock (space._gate)
            {
                if (_disposed) return false;
                var file = Live();
                space.Step();
                if (space.FailSyncs) return false;
                file.Sync();
                return true;
            }
        }

        public bool IsAt(string path)
        {
            lock (space._gate) return space._names.GetValueOrDefault(path) == Live();
        }

        public void Dispose() => _disposed = true;

        private Node Live()
        {
            if (generation != space._generation) throw new PlugPulledException();
            ObjectDisposedException.ThrowIf(_disposed, this);
            return node;
        }
    }
}
