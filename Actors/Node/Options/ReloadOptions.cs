namespace Picket.Node.Options;

/// <summary>When the files of rules are read again while the node runs. A person may ask for it at any time.</summary>
/// <param name="Watch">Whether changes of the files are looked for.</param>
/// <param name="Settle">How long nothing must have changed before they are read: an update writes many files, and one in parts.</param>
/// <param name="Poll">Time between two looks at the files' times, since the system may lose word of a change; zero for none.</param>
internal sealed record ReloadOptions(bool Watch, TimeSpan Settle, TimeSpan Poll);
