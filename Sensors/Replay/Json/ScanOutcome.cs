namespace Picket.Sensors.Replay.Json;

/// <summary>What <see cref="ObjectScanner"/> found in a piece.</summary>
internal enum ScanOutcome
{
    /// <summary>The object goes on behind the piece.</summary>
    More,

    /// <summary>The object ends in the piece.</summary>
    Whole,

    /// <summary>The object was cut off: it does not end, and something else begins.</summary>
    Cut,
}
