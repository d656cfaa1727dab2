namespace Picket.Sensors.Replay.Inputs;

/// <summary>An input's records as they can be read: a file, or what is packed in one.</summary>
/// <param name="Name">The file's path; of an entry of an archive <c>archive!entry</c>.</param>
/// <param name="Format">What it is written in.</param>
/// <param name="Content">The unpacked bytes; whoever reads them disposes of it. A file that is not packed can be sought in.</param>
public sealed record InputPart(string Name, InputFormat Format, Stream Content);
