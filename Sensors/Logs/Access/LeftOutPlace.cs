namespace Picket.Sensors.Logs.Access;

/// <summary>A file, or all of a mount, that does not answer and is left alone for now.</summary>
/// <param name="Path">What is left out, with all below it.</param>
/// <param name="Hung">The path at which a thread hung.</param>
/// <param name="Words">What did not come back.</param>
/// <param name="Since">Since when.</param>
/// <param name="Mount">What was mounted there.</param>
/// <param name="Times">How often it hung of late, this time included.</param>
internal sealed record LeftOutPlace(string Path, string Hung, string Words, DateTimeOffset Since, MountPlace? Mount, int Times)
{
    /// <summary>Whether it is left out because of it.</summary>
    public bool Holds(string path) => Holds(Path, path);

    /// <summary>Whether <paramref name="place"/> is <paramref name="path"/> or above it.</summary>
    public static bool Holds(string place, string path) => path.StartsWith(place, StringComparison.Ordinal)
        && (path.Length == place.Length || place.EndsWith('/') || path[place.Length] == '/');
}
