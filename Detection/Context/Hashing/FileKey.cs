namespace Picket.Detection.Context.Hashing;

/// <summary>What a file's content is known by: any change of it changes one of these.</summary>
/// <param name="Device">The file system's device, kernel encoding (major &lt;&lt; 20 | minor).</param>
/// <param name="Inode">The inode's number.</param>
/// <param name="ChangeNs">The time of the last change, which no call sets back: nanoseconds since 1970.</param>
/// <param name="Size">Bytes.</param>
public readonly record struct FileKey(uint Device, ulong Inode, long ChangeNs, long Size);
