using System.CommandLine;
using System.Text.Json;
using Picket.Node.Options;
using Picket.Node.Status;

namespace Picket.Node.CommandLine;

/// <summary><c>picket status</c>.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The configuration file of the node.", HelpName = "FILE" };
        var asJson = new Option<bool>("--json") { Description = "One JSON object, whose names stay the same over versions." };
        var overrides = ConfigCommand.OverrideOption();
        var command = new Command("status",
            "Says how the running node is. The node is the one with the data folder of the configuration (node.data-dir). "
            + "Status 0: all is well; 1: something is degraded, lost or failing, and named under problems; "
            + "2: wrong usage or configuration; "
            + "3: no node runs with that data folder, or this user may not ask it.") { config, asJson, overrides };
        command.SetAction((parsed, stop) => RunAsync(
            parsed.GetValue(config), parsed.GetValue(overrides) ?? [], parsed.GetValue(asJson), stop));
        return command;
    }

    private static async Task<int> RunAsync(string? file, string[] overrides, bool asJson, CancellationToken stop)
    {
        var options = NodeOptionsReader.Read(NodeConfig.Load(file ?? NodeConfig.FindDefaultFile(), overrides).Config);
        using var answer = await StatusClient.AskAsync(options.DataDirectory, stop);
        var status = answer.RootElement;
        if (asJson) WriteJson(status);
        else await Console.Out.WriteAsync(StatusText.Of(status));
        return status.GetProperty("healthy").GetBoolean() ? ExitCodes.Done : ExitCodes.Findings;
    }

    /// <summary>Writes an answer to standard output, for machines.</summary>
    public static void WriteJson(JsonElement status) => JsonOutput.Write(status.WriteTo);
}
