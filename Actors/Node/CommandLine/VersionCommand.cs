using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Picket.Node.CommandLine;

/// <summary><c>picket version</c>.</summary>
internal static class VersionCommand
{
    /// <summary>The program's version, without the build's metadata.</summary>
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static Command Create()
    {
        var command = new Command("version", "Prints the version.");
        command.SetAction(_ => Print());
        return command;
    }

    /// <summary>Prints the line.</summary>
    public static int Print()
    {
        Console.Out.WriteLine($"picket {Version} ({RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription})");
        return ExitCodes.Done;
    }
}
