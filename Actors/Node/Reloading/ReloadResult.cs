namespace Picket.Node.Reloading;

/// <summary>What reading the rules again came to.</summary>
internal enum ReloadResult
{
    /// <summary>A new set is in force.</summary>
    Taken,

    /// <summary>Nothing that could be used was different.</summary>
    Unchanged,

    /// <summary>All is as it was before, since the files could not be read or the sensors not be asked.</summary>
    Failed,
}
