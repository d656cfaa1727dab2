using System.Runtime.CompilerServices;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Index;

namespace Picket.Detection.Sigma.Classes;

/// <summary>
/// The classes of what a process context says. A process makes many events, and its image, command line and user are the same in each: they
/// are remembered for a context and a plan from its second event on, since most processes of a storm make but one.
/// </summary>
/// <remarks>Bounded: two contexts that fall on one slot push each other out. Belongs to one engine, and so to one thread.</remarks>
internal sealed class ContextClasses
{
    private const int SlotBits = 9;

    private readonly Slot[] _slots = new Slot[1 << SlotBits];
    private int[] _classes = [];
    private int _width;

    /// <summary>Whether what the context says may be remembered for this event: of some kinds it depends on a second context.</summary>
    public static bool Fits(EventKind kind) => // hot
        kind is not ((>= EventKind.SetId and <= EventKind.Call) or EventKind.ProcessCreation or EventKind.ProcessTermination);

    /// <summary>
    /// The room for the classes of a context; false when it came for the first time, or something else was there.
    /// </summary>
    /// <param name="plan">The plan of the event's route.</param>
    /// <param name="context">The context.</param>
    /// <param name="generation">See <see cref="Classifier.Generation"/>.</param>
    /// <param name="classes">The classes by the field's place; to be filled when they are not <paramref name="filled"/>.</param>
    /// <param name="filled">Whether they are there; the caller fills them otherwise.</param>
    public bool TryFind(RoutePlan plan, EventContext context, int generation, out Span<int> classes, out bool filled) // hot
    {
        var width = plan.Fields.Length;
        if (width > _width) Widen(width);
        var hash = (uint)(RuntimeHelpers.GetHashCode(context) ^ (plan.Number * 0x2545F491)) * 0x9E3779B1;
        var index = (int)(hash >> (32 - SlotBits));
        ref var slot = ref _slots[index];
        classes = _classes.AsSpan(index * _width, width);
        var revision = context.Revision;
        if (ReferenceEquals(slot.Context, context) && ReferenceEquals(slot.Plan, plan) && slot.Revision == revision
            && slot.Generation == generation)
        {
            filled = slot.IsFilled;
            slot.IsFilled = true;
            return true;
        }

        slot = new Slot { Context = context, Plan = plan, Revision = revision, Generation = generation };
        filled = false;
        return false;
    }

    private void Widen(int width)
    {
        _width = width;
        _classes = new int[width << SlotBits];
        Array.Clear(_slots);
    }

    private struct Slot
    {
        public EventContext? Context;
        public RoutePlan? Plan;
        public int Revision;
        public int Generation;
        public bool IsFilled;
    }
}
