namespace Picket.Detection.Context.Ancestry;

/// <summary>What an earlier run wrote is with /context, or cannot be read now.</summary>
internal sealed record AncestryReady;
