namespace Picket.Actors;

/// <summary>One actor of the tree, as it was at some moment while the tree was walked.</summary>
/// <param name="Path">Where.</param>
/// <param name="ActorType">Type of the instance; null between two incarnations.</param>
/// <param name="MailboxLength">User messages waiting, about.</param>
/// <param name="Restarts">Incarnations after the first.</param>
public sealed record TreeEntry(ActorPath Path, Type? ActorType, int MailboxLength, int Restarts);
