namespace Picket.Detection.Context.Ancestry;

/// <summary>The ancestry was written; told with the first write of an incarnation.</summary>
internal sealed record AncestryWritten;
