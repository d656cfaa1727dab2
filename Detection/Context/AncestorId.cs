using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>A process as it was when it forked: one that executes several programs is several ancestors.</summary>
/// <param name="Key">The process; none where it is not known.</param>
/// <param name="ExecutedNs">When it executed what it then was, as in <see cref="ProgramImage.ExecutedNs"/>.</param>
internal readonly record struct AncestorId(ProcessKey Key, ulong ExecutedNs)
{
    /// <summary>The ancestor that a context stands for.</summary>
    public static AncestorId Of(ProcessContext context) => new(context.Key, context.Program.ExecutedNs);
}
