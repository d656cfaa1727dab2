namespace Picket.Sensors.OwnFiles;

/// <summary>Somebody else changed a file of the node's own.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Area">What it is for.</param>
/// <param name="Acts">What was done to it.</param>
/// <param name="Pid">The process, as the node's own namespace names it; 0 where the kernel does not say.</param>
public sealed record FileTouch(string Path, FileArea Area, FileActs Acts, int Pid);
