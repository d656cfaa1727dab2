namespace Picket.Actors.Persistence.Journal;

/// <summary>
/// A store of events. The journal actor calls <see cref="WriteAsync"/> one call after the other; the other members may be called
/// meanwhile, from any thread. A store that leaves the process serialises, in <see cref="WriteAsync"/>.
/// </summary>
public interface IEventJournal : IAsyncDisposable
{
    /// <summary>Stores each write whole or not at all, all that can be stored in one commit.</summary>
    /// <remarks>
    /// A rejected write keeps its numbers: in the same commit the store keeps an event without payload for each, marked
    /// <see cref="Persistent.IsDeleted"/>, so that what comes after it does not stand behind a gap. An event that comes with that mark
    /// is kept in the same way, and its payload is not looked at.
    /// </remarks>
    /// <returns>
    /// One entry for each write. Null: durable. A <see cref="JournalConflictException"/>: not stored, nor any later write of
    /// the same id in this call, and its actor stops. Another
    /// exception: rejected, not stored, the actor goes on; such as for an event that cannot be serialised. A task that fails says
    /// nothing about any of the writes: the actors of all of them stop. A conflict may be told in that way too.
    /// </returns>
    Task<IReadOnlyList<Exception?>> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken);

    /// <summary>The events of an id in order of their numbers, without those that <see cref="DeleteToAsync"/> deleted. Numbers of
    /// rejected writes come as events marked <see cref="Persistent.IsDeleted"/>.</summary>
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
