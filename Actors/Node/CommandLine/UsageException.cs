namespace Picket.Node.CommandLine;

/// <summary>The user asked for something that cannot be: exit status <see cref="ExitCodes.Usage"/>.</summary>
internal sealed class UsageException(string message) : Exception(message);
