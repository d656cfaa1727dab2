namespace Picket.Actors.Persistence;

/// <summary>The actor fails with <see cref="StashOverflowException"/> and its supervisor decides; by default it recovers again.</summary>
public sealed class ThrowOverflowExceptionStrategy : IStashOverflowStrategy
{
    private ThrowOverflowExceptionStrategy()
    {
    }

    /// <summary>The one instance.</summary>
    public static ThrowOverflowExceptionStrategy Instance { get; } = new();
}
