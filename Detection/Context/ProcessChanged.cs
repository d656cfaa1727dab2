namespace Picket.Detection.Context;

/// <summary>A process has other credentials or namespaces than before.</summary>
internal sealed record ProcessChanged(ProcessContext Context);
