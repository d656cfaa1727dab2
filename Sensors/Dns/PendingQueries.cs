namespace Picket.Sensors.Dns;

/// <summary>
/// Queries that wait for their answer. An answer is one only to the socket that asked, with the query's id and its question; any
/// other was sent by somebody who guesses. Each query takes one answer, so that of a guess and the truth one is found out.
/// </summary>
/// <remarks>
/// The server's address is not compared: address translation makes it another on the way out than on the way in. Bounded: in
/// each group of eight the oldest makes room. One writer.
/// </remarks>
internal sealed class PendingQueries
{
    /// <summary>Queries of a group.</summary>
    public const int Ways = 8;
    private const int DefaultGroups = 1024;

    private readonly int _groups;
    private readonly Query[] _queries;
    private ulong _number;

    public PendingQueries(int groups = DefaultGroups)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        _groups = groups;
        _queries = new Query[Ways * groups];
    }

    /// <summary>Notes a query.</summary>
    public void Add(ulong socket, ushort id, ReadOnlySpan<byte> name, ushort type) // hot
    {
        var query = new Query(socket, NameHash(name), id, type);
        var group = Group(query);
        var oldest = 0;
        for (var i = 0; i < group.Length; i++)
        {
            if (group[i].Number < group[oldest].Number) oldest = i;
        }

        query.Number = ++_number;
        group[oldest] = query;
    }

    /// <summary>Whether a query waits for this answer; it does not wait for a second one.</summary>
    public bool TryTake(ulong socket, ushort id, ReadOnlySpan<byte> name, ushort type) // hot
    {
        var answer = new Query(socket, NameHash(name), id, type);
        foreach (ref var query in Group(answer))
        {
            if (query.Number == 0 || !query.Equals(answer)) continue;
            query = default;
            return true;
        }

        return false;
    }

    private Span<Query> Group(in Query query) => // hot
        _queries.AsSpan((int)((uint)HashCode.Combine(query.Socket, query.Id, query.Name) % (uint)_groups) * Ways, Ways);

    private static int NameHash(ReadOnlySpan<byte> name) // hot
    {
        var hash = new HashCode();
        hash.AddBytes(name);
        return hash.ToHashCode();
    }

    private struct Query(ulong socket, int name, ushort id, ushort type)
    {
        public readonly ulong Socket = socket;
        public readonly int Name = name;
        public readonly ushort Id = id;
        public readonly ushort Type = type;

        /// <summary>Order of asking; 0: no query.</summary>
        public ulong Number;

        public readonly bool Equals(in Query other) => // hot
            Socket == other.Socket && Name == other.Name && Id == other.Id && Type == other.Type;
    }
}
