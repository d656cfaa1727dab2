namespace Picket.Detection.Sigma.Correlation;

/// <summary>Takes a group: its values, until when it is silent, and its occurrences in the order of their times.</summary>
internal delegate void GroupReceiver(ReadOnlySpan<byte> key, long silentUntil, ReadOnlySpan<Occurrence> occurrences);
