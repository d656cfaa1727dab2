using System.Runtime.CompilerServices;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Index;

/// <summary>
/// Which rules have a literal in what the process context says. A process makes many events, and its image, command line and user are
/// the same in each: they are read once for a context and a plan, at its second event, since most processes of a storm make but one.
/// </summary>
/// <remarks>Bounded: two contexts that fall on one slot push each other out. Belongs to one engine, and so to one thread.</remarks>
internal sealed class ContextHits
{
    private const int SlotBits = 9;

    private readonly Slot[] _slots = new Slot[1 << SlotBits];
    private readonly ulong[] _hits;
    private readonly int _words;
    private byte[] _folded = new byte[1024];

    public ContextHits(int words)
    {
        _words = words;
        _hits = new ulong[words << SlotBits];
    }

    /// <summary>Adds the rules that the context makes candidates; false when the context is not known yet and must be read.</summary>
    /// <param name="plan">The rules of the event's route.</param>
    /// <param name="view">The event.</param>
    /// <param name="candidates">The bit set to add to.</param>
    public bool TryAdd(RoutePlan plan, in EventView view, Span<ulong> candidates) // hot
    {
        if (view.Context is not { } context) return true;

        // What these say of a field depends on a second context, too.
        if (view.Record.Kind is >= EventKind.SetId and <= EventKind.Call) return false;
        var index = (int)((uint)((RuntimeHelpers.GetHashCode(context) ^ (plan.Number * 0x2545F491)) * 0x9E3779B1) >> (32 - SlotBits));
        ref var slot = ref _slots[index];
        var revision = context.Revision;
        var hits = _hits.AsSpan(index * _words, _words);
        if (!ReferenceEquals(slot.Context, context) || !ReferenceEquals(slot.Plan, plan) || slot.Revision != revision)
        {
            slot = new Slot { Context = context, Plan = plan, Revision = revision };
            return false;
        }

        if (!slot.IsRead)
        {
            hits.Clear();
            Read(plan, context, hits);
            slot.IsRead = true;
        }

        for (var i = 0; i < hits.Length; i++) candidates[i] |= hits[i];
        return true;
    }

    private void Read(RoutePlan plan, EventContext context, Span<ulong> hits) // hot
    {
        var fields = plan.Fields;
        for (var i = 0; i < fields.Length; i++)
        {
            var value = context.Find(fields[i]);
            if (value.Kind < FieldKind.Text) continue;
            var room = CaseFold.MaxLength(value.Text.Length);
            if (room > _folded.Length) _folded = new byte[room * 2];
            plan.Automaton(i).Scan(_folded.AsSpan(0, CaseFold.Fold(value.Text, _folded)), hits);
        }
    }

    private struct Slot
    {
        public EventContext? Context;
        public RoutePlan? Plan;
        public int Revision;
        public bool IsRead;
    }
}
