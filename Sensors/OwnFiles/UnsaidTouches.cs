namespace Picket.Sensors.OwnFiles;

/// <summary>Changes of one area that were counted instead of said.</summary>
/// <param name="Area">The area.</param>
/// <param name="Changes">How many, as the kernel added them up.</param>
/// <param name="Last">The last of them.</param>
/// <param name="From">The first change of the area that this count goes with.</param>
/// <param name="To">Up to when it counts.</param>
public sealed record UnsaidTouches(FileArea Area, long Changes, FileTouch Last, DateTimeOffset From, DateTimeOffset To);
