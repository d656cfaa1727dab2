using System.CommandLine;
using Picket.Node.Demo;

namespace Picket.Node.CommandLine;

/// <summary><c>picket demo</c>: what <c>./run demo</c> runs.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The configuration file.", HelpName = "FILE" };
        var command = new Command("demo", "Plays a harmless attack story and shows the alerts that come of it.") { config };
        command.SetAction(async (parsed, _) =>
        {
            await using var demo = new DemoRun(Console.Out, TimeProvider.System);
            return await demo.RunAsync(parsed.GetValue(config));
        });
        return command;
    }
}
