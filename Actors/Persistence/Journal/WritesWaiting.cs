namespace Picket.Actors.Persistence.Journal;

/// <summary>There is something in the intake.</summary>
internal sealed class WritesWaiting
{
    private WritesWaiting()
    {
    }

    public static WritesWaiting Instance { get; } = new();
}
