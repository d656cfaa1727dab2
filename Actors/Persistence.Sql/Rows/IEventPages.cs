namespace Picket.Actors.Persistence.Sql.Rows;

/// <summary>A history by the piece: no lock, snapshot or connection is held while a caller looks at one.</summary>
internal interface IEventPages
{
    /// <summary>The table's place, for messages.</summary>
    string Place { get; }

    /// <summary>What is known of an id; null for nothing.</summary>
    Task<IdEntry?> FindAsync(string persistenceId, CancellationToken cancellationToken);

    /// <summary>The first rows with numbers from..to, at most <paramref name="limit"/>, at least one if there is one.</summary>
    Task<EventPage> ReadAsync(string persistenceId, long key, long from, long to, int limit, CancellationToken cancellationToken);
}
