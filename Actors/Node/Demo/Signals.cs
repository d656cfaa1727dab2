using System.Runtime.InteropServices;

namespace Picket.Node.Demo;

/// <summary>Signals to a child of our own.</summary>
internal static partial class Signals
{
    private const int SigInt = 2;
    private const int SigTerm = 15;

    /// <summary>What Ctrl-C does.</summary>
    public static void Interrupt(int pid) => _ = kill(pid, SigInt);

    /// <summary>What a service manager does.</summary>
    public static void Terminate(int pid) => _ = kill(pid, SigTerm);

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
