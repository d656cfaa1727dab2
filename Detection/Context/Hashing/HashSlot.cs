using Picket.Detection.Events;

namespace Picket.Detection.Context.Hashing;

/// <summary>
/// The place for a file's hashes, set once; shared by all that executed the file. Readers need no lock; who writes holds the engine's.
/// </summary>
public sealed class HashSlot
{
    private FileHashes? _hashes;
    private volatile HashOutcome _outcome = HashOutcome.Pending;
    private List<EventBatch>? _waiting;

    /// <summary>The hashes; null as long as they are not known, or for ever.</summary>
    public FileHashes? Hashes => Volatile.Read(ref _hashes);

    /// <summary>Whether they are known, or why not.</summary>
    public HashOutcome Outcome => _outcome;

    /// <summary>Whether nothing is decided yet.</summary>
    public bool IsPending => _outcome == HashOutcome.Pending;

    /// <summary>A place that is decided from the beginning.</summary>
    internal static HashSlot Of(HashOutcome outcome, FileHashes? hashes = null) => new() { _outcome = outcome, _hashes = hashes };

    /// <summary>An execution that is told of when all is decided.</summary>
    internal void Wait(EventBatch execution) => (_waiting ??= []).Add(execution);

    /// <summary>Decides, and returns who waits for it.</summary>
    internal IReadOnlyList<EventBatch> Decide(HashOutcome outcome, FileHashes? hashes)
    {
        Volatile.Write(ref _hashes, hashes);
        _outcome = outcome;
        var waiting = _waiting;
        _waiting = null;
        return waiting ?? (IReadOnlyList<EventBatch>)[];
    }
}
