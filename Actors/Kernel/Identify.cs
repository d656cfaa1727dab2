namespace Picket.Actors;

/// <summary>Asks any actor for its ref; the kernel answers with <see cref="ActorIdentity"/>.</summary>
/// <param name="MessageId">Comes back in the answer.</param>
public sealed record Identify(object? MessageId) : IAutoReceivedMessage, INotInfluenceReceiveTimeout;
