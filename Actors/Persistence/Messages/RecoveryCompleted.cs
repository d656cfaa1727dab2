namespace Picket.Actors.Persistence;

/// <summary>The last message of a recovery, before any command. What it leads to may be persisted.</summary>
public sealed class RecoveryCompleted
{
    /// <summary>The one instance.</summary>
    public static readonly RecoveryCompleted Instance = new();

    private RecoveryCompleted()
    {
    }
}
