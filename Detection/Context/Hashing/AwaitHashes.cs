namespace Picket.Detection.Context.Hashing;

/// <summary>
/// To /hashing: answer with <see cref="HashesSettled"/> when no execution waits for hashes any more, or has waited long enough.
/// </summary>
public sealed record AwaitHashes;
