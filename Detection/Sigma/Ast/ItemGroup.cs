namespace Picket.Detection.Sigma.Ast;

/// <summary>Items that must all match: a map, or a single keyword item.</summary>
internal sealed record ItemGroup(IReadOnlyList<DetectionItem> Items);
