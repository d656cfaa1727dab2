namespace Picket.Actors.Persistence;

/// <summary>The command goes to dead letters.</summary>
public sealed class DiscardToDeadLetterStrategy : IStashOverflowStrategy
{
    private DiscardToDeadLetterStrategy()
    {
    }

    /// <summary>The one instance.</summary>
    public static DiscardToDeadLetterStrategy Instance { get; } = new();
}
