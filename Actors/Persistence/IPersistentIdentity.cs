namespace Picket.Actors.Persistence;

/// <summary>Something with a history of its own.</summary>
public interface IPersistentIdentity
{
    /// <summary>The name of the history: the same for each incarnation, and for one living actor at a time.</summary>
    string PersistenceId { get; }
}
