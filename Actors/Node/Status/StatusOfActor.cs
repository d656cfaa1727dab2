namespace Picket.Node.Status;

/// <summary>One actor of the tree.</summary>
/// <param name="Path">Its path, such as <c>/user/node/context</c>.</param>
/// <param name="Answers">Whether it answered in time.</param>
/// <param name="Restarts">How often it was restarted.</param>
internal sealed record StatusOfActor(string Path, bool Answers, long Restarts);
