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
            using var signals = new StopSignals();
            using var stop = new CancellationTokenSource();
            await using var demo = new DemoRun(Console.Out, TimeProvider.System);
            var run = demo.RunAsync(parsed.GetValue(config), stop.Token);
            if (await Task.WhenAny(run, signals.WaitAsync(null)) == run) return await run;
            await stop.CancelAsync();
            try
            {
                return await run;
            }
            catch (OperationCanceledException)
            {
                await Console.Error.WriteLineAsync("picket: the demo was interrupted");
                return ExitCodes.Findings;
            }
        });
        return command;
    }
}
