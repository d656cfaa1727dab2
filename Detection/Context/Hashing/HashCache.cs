namespace Picket.Detection.Context.Hashing;

/// <summary>
/// The files executed last and their hashes, a bounded number; what was not asked for longest is forgotten. Not thread-safe.
/// </summary>
internal sealed class HashCache
{
    private readonly int _capacity;
    private readonly Dictionary<FileKey, LinkedListNode<(FileKey Key, HashSlot Slot)>> _files = [];
    private readonly LinkedList<(FileKey Key, HashSlot Slot)> _byUse = new();

    public HashCache(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>Files in it.</summary>
    public int Count => _files.Count;

    /// <summary>What is known of a file; null for nothing.</summary>
    public HashSlot? Find(in FileKey key) // hot
    {
        if (!_files.TryGetValue(key, out var node)) return null;
        if (node != _byUse.First)
        {
            _byUse.Remove(node);
            _byUse.AddFirst(node);
        }

        return node.Value.Slot;
    }

    /// <summary>Enters a file, or replaces what was known of it.</summary>
    public void Put(in FileKey key, HashSlot slot)
    {
        Remove(key);
        if (_files.Count == _capacity) Remove(_byUse.Last!.Value.Key);
        _files[key] = _byUse.AddFirst((key, slot));
    }

    /// <summary>Forgets a file.</summary>
    public void Remove(in FileKey key)
    {
        if (_files.Remove(key, out var node)) _byUse.Remove(node);
    }
}
