namespace Picket.Bench.Journal;

/// <summary>A line of the result: events per second.</summary>
/// <param name="Store">The back end.</param>
/// <param name="AtOnce">Events in a batch, or actors that wait for one each.</param>
/// <param name="Plain">By ADO.NET alone.</param>
/// <param name="Journal">Through the journal.</param>
/// <param name="Actors">Through persistent actors.</param>
internal sealed record JournalRow(string Store, int AtOnce, double Plain, double Journal, double Actors)
{
    public double JournalRatio => Journal / Plain;

    public double ActorsRatio => Actors / Plain;
}
