using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>An ended process that living ones descend from, as far as an alert tells of it. It holds no other.</summary>
/// <param name="Id">Who.</param>
/// <param name="Parent">Who forked it; it may live.</param>
/// <param name="Detail">Its numbers.</param>
/// <param name="Program">What it executed.</param>
internal sealed record Ancestor(AncestorId Id, AncestorId Parent, ProcessDetail Detail, ProgramImage Program)
{
    /// <summary>Makes one of a context.</summary>
    public static Ancestor Of(ProcessContext context) => new(
        AncestorId.Of(context), context.Parent is { } parent ? AncestorId.Of(parent) : new AncestorId(context.ParentKey, 0),
        context.Detail, context.Program);
}
