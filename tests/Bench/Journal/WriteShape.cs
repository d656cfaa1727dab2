namespace Picket.Bench.Journal;

/// <summary>What is stored at once, and the same for all loads: next events of so many histories, the same number of each.</summary>
/// <param name="Events">Events in a batch.</param>
/// <param name="Histories">Persistence ids that they belong to; divides the events.</param>
internal readonly record struct WriteShape(int Events, int Histories)
{
    /// <summary>The most histories of any shape.</summary>
    public const int MostHistories = 1024;

    /// <summary>Events of one history in a batch.</summary>
    public int Each => Events / Histories;
}
