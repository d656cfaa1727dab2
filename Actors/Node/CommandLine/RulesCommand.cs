using System.CommandLine;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Check;

namespace Picket.Node.CommandLine;

/// <summary><c>picket rules check</c>, and the command that the others about rules stand below.</summary>
internal static class RulesCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("DIR") { Description = "Folders or files with Sigma rules.", Arity = ArgumentArity.OneOrMore };
        var platform = new Option<string>("--platform")
        {
            Description = "Whose sensors are asked: linux or windows; this host's when left out.",
            HelpName = "NAME",
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var all = new Option<bool>("--all") { Description = "Also name the rules that can fire, each with what feeds it." };
        var exclusions = ExclusionOption.Create();
        var pipelines = PipelineOption.Create();
        var lint = new Option<bool>("--lint")
        {
            Description = "Also look for likely mistakes in rules that can be used. Status 1 when there are any.",
        };
        var check = new Command("check",
            "Loads rules and says for each whether it can fire. Status 1 when one cannot be used or there is none. "
            + "'picket rules codes' says what the codes mean.")
        {
            paths, platform, exclusions, pipelines, lint, all, json,
        };
        check.SetAction(parsed => Check(
            parsed.GetRequiredValue(paths), parsed.GetValue(platform) ?? (OperatingSystem.IsWindows() ? "windows" : "linux"),
            new SigmaLoadOptions
            {
                Exclusions = ExclusionOption.Of(parsed.GetValue(exclusions)), Pipelines = PipelineOption.Of(parsed.GetValue(pipelines)),
                Lints = parsed.GetValue(lint),
            },
            parsed.GetValue(json), parsed.GetValue(all)));
        return new Command("rules", "Looks at rules.") { check, RulesTestCommand.Create(), RulesCodesCommand.Create() };
    }

    private static int Check(string[] paths, string platform, SigmaLoadOptions loading, bool json, bool all)
    {
        ExistingPaths.Require(paths);
        var table = SensorTable.Find(platform) ?? throw new UsageException($"unknown platform '{platform}': linux or windows");
        var rules = SigmaRuleSet.Load(paths, loading);
        foreach (var error in rules.Errors) Console.Error.WriteLine($"picket: {error}");
        var check = SigmaRuleCheck.Of(rules, table);

        // Where mistakes are looked for they are among the findings.
        foreach (var warning in loading.Lints ? [] : check.Warnings) Console.Error.WriteLine($"picket: {warning}");
        if (json) JsonOutput.Write(writer => CheckWriter.WriteJson(check, writer, loading.Lints));
        else CheckWriter.WriteText(check, Console.Out, all, loading.Lints);

        // A pipeline of builds that looks into the wrong folder would find all well for ever.
        if (check.Rules.Count == 0) Console.Error.WriteLine($"picket: there is no rule in {string.Join(", ", paths)}");
        return rules.Errors.Count > 0 || check.Rules.Count == 0 || (loading.Lints && check.Findings.Count > 0)
            ? ExitCodes.Findings
            : ExitCodes.Done;
    }
}
