namespace Picket.Node.CommandLine;

/// <summary>A privilege or a part of the system is missing: exit status <see cref="ExitCodes.Missing"/>.</summary>
internal sealed class MissingPartException(string message) : Exception(message);
