namespace Picket.Hocon;

/// <summary>One include statement.</summary>
/// <param name="Name">The name between the quotes.</param>
/// <param name="Kind">What the name is wrapped in.</param>
/// <param name="IsRequired">Whether a missing file is an error.</param>
/// <param name="Origin">Where the statement stands.</param>
internal sealed record IncludeRequest(string Name, IncludeKind Kind, bool IsRequired, ConfigOrigin Origin);
