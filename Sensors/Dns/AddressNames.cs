namespace Picket.Sensors.Dns;

/// <summary>
/// Which name an address was last the answer for, in each network namespace. Bounded; what ends first makes room. Time is that
/// of the events, so that a replay finds what the live node found.
/// </summary>
/// <remarks>One writer, no locks, no allocation after the start: the reader of the ring owns it.</remarks>
internal sealed class AddressNames
{
    /// <summary>Entries that a node keeps: some hours of a busy workstation, 2.5 MiB.</summary>
    public const int DefaultCapacity = 8192;

    /// <summary>
    /// Programs keep addresses longer than a server says, and connect a moment after the answer, whatever its time to live.
    /// </summary>
    public static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(30);

    /// <summary>Nothing is believed for longer, whatever the answer says.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);

    private const int NameBytes = 255;

    private readonly Entry[] _entries;
    private readonly byte[] _names;
    private readonly int[] _buckets;

    /// <summary>Entries as a binary heap by their end: the first ends first.</summary>
    private readonly int[] _heap;
    private int _count;

    public AddressNames(int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _entries = new Entry[capacity];
        _names = new byte[capacity * NameBytes];
        _buckets = new int[capacity];
        _heap = new int[capacity];
        Array.Fill(_buckets, -1);
    }

    /// <summary>Entries now, ended ones included.</summary>
    public int Count => _count;

    /// <summary>
    /// Notes that <paramref name="address"/> is the answer for <paramref name="name"/>; a longer name than 255 bytes is not kept.
    /// </summary>
    public void Set(uint network, UInt128 address, ReadOnlySpan<byte> name, ulong nowNs, uint secondsToLive) // hot
    {
        if (name.Length is 0 or > NameBytes) return;
        var life = TimeSpan.FromSeconds(secondsToLive);
        if (life < ShortestLife) life = ShortestLife;
        if (life > LongestLife) life = LongestLife;
        var ends = nowNs + (ulong)life.Ticks * 100;
        var index = Find(network, address);
        if (index < 0)
        {
            index = _count < _entries.Length ? _count++ : Evict();
            ref var bucket = ref _buckets[BucketOf(network, address)];
            _entries[index] = new Entry
            {
                Network = network, Address = address, Next = bucket, Place = _count - 1, EndsNs = ulong.MaxValue,
            };
            bucket = index;
            _heap[_count - 1] = index;
        }

        ref var entry = ref _entries[index];
        name.CopyTo(_names.AsSpan(index * NameBytes));
        entry.Length = (byte)name.Length;
        entry.EndsNs = ends;
        Settle(entry.Place);
    }

    /// <summary>The name that <paramref name="address"/> was the answer for; false when there is none any more.</summary>
    public bool TryFind(uint network, UInt128 address, ulong nowNs, out ReadOnlySpan<byte> name) // hot
    {
        var index = Find(network, address);
        name = default;
        if (index < 0 || _entries[index].EndsNs < nowNs) return false;
        name = _names.AsSpan(index * NameBytes, _entries[index].Length);
        return true;
    }

    private int Find(uint network, UInt128 address) // hot
    {
        var index = _buckets[BucketOf(network, address)];
        while (index >= 0 && (_entries[index].Address != address || _entries[index].Network != network)) index = _entries[index].Next;
        return index;
    }

    /// <summary>Takes the entry that ends first out of its bucket; its place is the heap's last then.</summary>
    private int Evict() // hot
    {
        var index = _heap[0];
        ref var link = ref _buckets[BucketOf(_entries[index].Network, _entries[index].Address)];
        while (link != index) link = ref _entries[link].Next;
        link = _entries[index].Next;
        var last = _heap[_count - 1];
        Put(0, last);
        if (last != index) Settle(0);
        return index;
    }

    /// <summary>Moves the entry at a place of the heap to where it belongs.</summary>
    private void Settle(int place) // hot
    {
        var index = _heap[place];
        var ends = _entries[index].EndsNs;
        while (place > 0 && _entries[_heap[(place - 1) / 2]].EndsNs > ends)
        {
            Put(place, _heap[(place - 1) / 2]);
            place = (place - 1) / 2;
        }

        while (true)
        {
            var child = place * 2 + 1;
            if (child >= _count) break;
            if (child + 1 < _count && _entries[_heap[child + 1]].EndsNs < _entries[_heap[child]].EndsNs) child++;
            if (_entries[_heap[child]].EndsNs >= ends) break;
            Put(place, _heap[child]);
            place = child;
        }

        Put(place, index);
    }

    private void Put(int place, int index) // hot
    {
        _heap[place] = index;
        _entries[index].Place = place;
    }

    /// <summary>Who answers chooses addresses, so the hash is seeded.</summary>
    private int BucketOf(uint network, UInt128 address) => (int)((uint)HashCode.Combine(network, address) % (uint)_buckets.Length); // hot

    private struct Entry
    {
        public UInt128 Address;
        public ulong EndsNs;
        public uint Network;
        public int Next;
        public int Place;
        public byte Length;
    }
}
