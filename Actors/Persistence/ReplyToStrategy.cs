namespace Picket.Actors.Persistence;

/// <summary>The sender gets a fixed answer, the command is dropped.</summary>
/// <param name="response">The answer.</param>
public sealed class ReplyToStrategy(object response) : IStashOverflowStrategy
{
    /// <summary>The answer.</summary>
    public object Response { get; } = response;
}
