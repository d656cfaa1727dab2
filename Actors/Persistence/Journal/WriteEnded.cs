using Picket.Actors.Event;

namespace Picket.Actors.Persistence.Journal;

/// <summary>The write under way has ended, in whatever way.</summary>
internal sealed class WriteEnded : IDeadLetterSuppression
{
    private WriteEnded()
    {
    }

    public static WriteEnded Instance { get; } = new();
}
