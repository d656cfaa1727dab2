namespace Picket.Sensors.Logs.Native;

/// <summary>Which file it is, whatever its name. A free inode goes to the next file: the time of birth tells them apart.</summary>
/// <param name="Device">The device's numbers, major in the upper half.</param>
/// <param name="Inode">The inode.</param>
/// <param name="BirthNs">Nanoseconds since 1970 at which it was created; 0 where the file system does not say.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, long BirthNs);
