namespace Picket.Actors.Persistence.Journal;

/// <summary>
/// A store of events. The journal actor calls <see cref="WriteAsync"/> one call after the other; the other members may be called
/// meanwhile, from any thread. A store that leaves the process serialises, in <see cref="WriteAsync"/>.
/// </summary>
public interface IEventJournal : IAsyncDisposable
{
    /// <summary>Stores each write whole or not at all, all that can be stored in one commit.</summary>
    /// <returns>
    /// One entry for each write: null when it is durable, an exception when it was rejected and is not stored, such as for an event that
    /// cannot be serialised. A task that fails says nothing about any of them: their actors stop.
    /// </returns>
    /// <exception cref="JournalException">Also when a number is in the store already: another writer has the same persistence id.
    /// </exception>
    Task<IReadOnlyList<Exception?>> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken);

    /// <summary>The events of an id that are not deleted, in order of their numbers.</summary>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="from">The first number, included.</param>
    /// <param name="to">The last number, included.</param>
    /// <param name="max">At most so many.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="JournalCorruptException">A number is missing, or what is stored cannot be read.</exception>
    IAsyncEnumerable<Persistent> ReplayAsync(string persistenceId, long from, long to, long max, CancellationToken cancellationToken);

    /// <summary>The highest number that the id ever had, those of deleted events too; 0 for an id that is not known.</summary>
    Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken);

    /// <summary>Deletes the events up to a number, included, for good. Numbers above the highest delete what there is.</summary>
    Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken);
}
