using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Picket.Node.Options;
using Picket.Node.Status;

namespace Picket.Node.CommandLine;

/// <summary><c>picket reload</c>.</summary>
internal static class ReloadCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The configuration file of the node.", HelpName = "FILE" };
        var asJson = new Option<bool>("--json") { Description = "One JSON object, whose names stay the same over versions." };
        var overrides = ConfigCommand.OverrideOption();
        var command = new Command("reload",
            "Makes the running node read its rules, exclusions and pipelines again, and waits until that is done. The node is the one with "
            + "the data folder of the configuration (node.data-dir). Status 0: all files are in force as they are; 1: some are not, or "
            + "have errors, or all stays as it was; 2: wrong usage or configuration; 3: no node runs with that data folder, or this user "
            + "may not ask it.") { config, asJson, overrides };
        command.SetAction((parsed, stop) => RunAsync(
            parsed.GetValue(config), parsed.GetValue(overrides) ?? [], parsed.GetValue(asJson), stop));
        return command;
    }

    private static async Task<int> RunAsync(string? file, string[] overrides, bool asJson, CancellationToken stop)
    {
        var options = NodeOptionsReader.Read(NodeConfig.Load(file ?? NodeConfig.FindDefaultFile(), overrides).Config);
        using var answer = await StatusClient.ReloadAsync(options.DataDirectory, stop);
        var outcome = answer.RootElement;
        var kept = outcome.GetProperty("kept").EnumerateArray().ToList();
        if (asJson) StatusCommand.WriteJson(outcome);
        else await Console.Out.WriteLineAsync($"{outcome.GetProperty("result").GetString()}: {outcome.GetProperty("message").GetString()}");
        foreach (var one in kept)
        {
            foreach (var error in one.GetProperty("errors").EnumerateArray()) await Console.Error.WriteLineAsync(Line(one, error));
        }

        var isWhole = outcome.GetProperty("result").GetString() != "failed" && kept.Count == 0
            && outcome.GetProperty("failed").GetInt32() == 0;
        return isWhole ? ExitCodes.Done : ExitCodes.Findings;
    }

    private static string Line(JsonElement kept, JsonElement error) => string.Create(CultureInfo.InvariantCulture,
        $"picket: {kept.GetProperty("file").GetString()}({error.GetProperty("line").GetInt32()},{error.GetProperty("column").GetInt32()}): "
        + $"error {error.GetProperty("code").GetString()}: {error.GetProperty("message").GetString()}");
}
