namespace Picket.Spec.Durability;

/// <summary>How the disk under a <see cref="Platter"/> behaves.</summary>
/// <param name="TearOneIn">After about one write in so many a single sector reaches the platter early; 0 for never.</param>
/// <param name="Seed">Of what is left to chance.</param>
/// <param name="SyncMicroseconds">How long a sync takes.</param>
/// <param name="NamesFollowFiles">Whether a file's sync makes the names of its directory durable, as ext4 has it.</param>
/// <param name="SyncLies">Whether a sync says yes and does nothing.</param>
internal sealed record PlatterOptions(
    int TearOneIn = 0, int Seed = 1, int SyncMicroseconds = 0, bool NamesFollowFiles = false, bool SyncLies = false);
