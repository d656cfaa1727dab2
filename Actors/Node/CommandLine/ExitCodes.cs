namespace Picket.Node.CommandLine;

/// <summary>What the program's exit status says; others build on it.</summary>
internal static class ExitCodes
{
    /// <summary>Done, nothing found.</summary>
    public const int Done = 0;

    /// <summary>Findings, or failed checks.</summary>
    public const int Findings = 1;

    /// <summary>Wrong usage or configuration.</summary>
    public const int Usage = 2;

    /// <summary>A privilege or a part of the system is missing.</summary>
    public const int Missing = 3;

    /// <summary>Ended by a signal before its work was done, as shells say it of SIGINT.</summary>
    public const int Interrupted = 130;
}
