using Picket.Actors.Event;

namespace Picket.Actors.Persistence.Delivery;

/// <summary>Time to look for what is overdue.</summary>
internal sealed class RedeliveryTick : INotInfluenceReceiveTimeout, IDeadLetterSuppression
{
    private RedeliveryTick()
    {
    }

    public static RedeliveryTick Instance { get; } = new();
}
