namespace Picket.Detection.Context.Hashing;

/// <summary>No execution waits for hashes any more.</summary>
public sealed record HashesSettled;
