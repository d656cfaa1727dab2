namespace Picket.Node.Tree;

/// <summary>To /user/node: take in nothing more and let what is under way reach the sinks. Answered by <see cref="Drained"/>.</summary>
internal sealed record DrainNode;
