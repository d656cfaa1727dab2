namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// The groups of one correlation by their values, which are compared whole, and in the order of their last arrivals. A group is known by
/// its number, which is used again when it has gone.
/// </summary>
internal sealed class GroupTable
{
    private const int None = -1;
    private const int FirstGroups = 16;

    private readonly CorrelationMemory _memory;
    private readonly KeyedHash _hash;
    private Group[] _groups = new Group[FirstGroups];

    /// <summary>A group's number and one more; zero where there is none. At most half of the places are taken.</summary>
    private int[] _places = new int[2 * FirstGroups];

    private int _numbers;
    private int _free = None;
    private int _oldest = None;
    private int _newest = None;

    public GroupTable(CorrelationMemory memory, KeyedHash hash)
    {
        _memory = memory;
        _hash = hash;
    }

    /// <summary>Groups that are there.</summary>
    public int Count { get; private set; }

    /// <summary>The numbers that groups may have are below this.</summary>
    public int Capacity => _groups.Length;

    /// <summary>The group that was quiet longest; -1 for none.</summary>
    public int Oldest => _oldest;

    /// <summary>Bytes of the tables.</summary>
    public long Held => (long)_groups.Length * System.Runtime.CompilerServices.Unsafe.SizeOf<Group>() + (long)_places.Length * sizeof(int);

    /// <summary>A group; valid until one is added.</summary>
    public ref Group this[int number] => ref _groups[number]; // hot

    /// <summary>A group's values.</summary>
    public ReadOnlySpan<byte> KeyOf(in Group group) => _memory.Keys.Of(group.Key, group.KeyLog)[..group.KeyLength]; // hot

    /// <summary>The keyed hash of a group's values.</summary>
    public ulong HashOf(ReadOnlySpan<byte> key) => _hash.Of(key); // hot

    /// <summary>The number of the group with these values; -1 for none.</summary>
    public int Find(ReadOnlySpan<byte> key, ulong hash) // hot
    {
        var mask = _places.Length - 1;
        for (var at = (int)hash & mask; _places[at] != 0; at = (at + 1) & mask)
        {
            var number = _places[at] - 1;
            ref var group = ref _groups[number];
            if (group.Hash == hash && KeyOf(group).SequenceEqual(key)) return number;
        }

        return None;
    }

    /// <summary>Adds a group that is not there and says its number; it is the newest.</summary>
    public int Add(ReadOnlySpan<byte> key, ulong hash)
    {
        var log = _memory.Keys.LogOf(key.Length);
        _memory.Reserve(BlockPool<byte>.BytesOf(log));
        var number = _free;
        if (number != None) _free = _groups[number].Older;
        else number = _numbers++;
        if (number == _groups.Length) Grow();
        ref var group = ref _groups[number];
        group = new Group
        {
            Hash = hash, Key = _memory.Keys.Rent(log), KeyLength = key.Length, KeyLog = (byte)log, SilentUntil = long.MinValue,
        };
        key.CopyTo(_memory.Keys.Of(group.Key, log));
        Place(number, hash);
        Count++;
        Link(number);
        return number;
    }

    /// <summary>Makes a group the newest.</summary>
    public void Touch(int number) // hot
    {
        if (number == _newest) return;
        Unlink(number);
        Link(number);
    }

    /// <summary>Takes a group away; its occurrences are the caller's matter.</summary>
    public void Remove(int number)
    {
        ref var group = ref _groups[number];
        var mask = _places.Length - 1;
        var at = (int)group.Hash & mask;
        while (_places[at] != number + 1) at = (at + 1) & mask;
        CloseUp(at);
        Unlink(number);
        _memory.Keys.Return(group.Key, group.KeyLog);
        group = new Group { Older = _free };
        _free = number;
        Count--;
    }

    /// <summary>The group that was touched after another one; -1 behind the newest.</summary>
    public int After(int number) => _groups[number].Newer;

    private void Grow()
    {
        Array.Resize(ref _groups, 2 * _groups.Length);
        _places = new int[2 * _groups.Length];
        for (var number = _oldest; number != None; number = _groups[number].Newer) Place(number, _groups[number].Hash);
    }

    private void Place(int number, ulong hash)
    {
        var mask = _places.Length - 1;
        var at = (int)hash & mask;
        while (_places[at] != 0) at = (at + 1) & mask;
        _places[at] = number + 1;
    }

    private void CloseUp(int hole)
    {
        var mask = _places.Length - 1;
        for (var at = (hole + 1) & mask; _places[at] != 0; at = (at + 1) & mask)
        {
            var home = (int)_groups[_places[at] - 1].Hash & mask;
            if (((at - home) & mask) < ((at - hole) & mask)) continue;
            _places[hole] = _places[at];
            hole = at;
        }

        _places[hole] = 0;
    }

    private void Link(int number) // hot
    {
        ref var group = ref _groups[number];
        group.Older = _newest;
        group.Newer = None;
        if (_newest != None) _groups[_newest].Newer = number;
        else _oldest = number;
        _newest = number;
    }

    private void Unlink(int number) // hot
    {
        ref var group = ref _groups[number];
        if (group.Older != None) _groups[group.Older].Newer = group.Newer;
        else _oldest = group.Newer;
        if (group.Newer != None) _groups[group.Newer].Older = group.Older;
        else _newest = group.Older;
    }
}
