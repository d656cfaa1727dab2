using System.CommandLine;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Parsing;
using Picket.Node.RuleTests;

namespace Picket.Node.CommandLine;

/// <summary><c>picket rules test</c>.</summary>
internal static class RulesTestCommand
{
    /// <summary>Events of which people are told why they do not match.</summary>
    private const int MostExplained = 5;

    public static Command Create()
    {
        var paths = new Argument<string[]>("RULE")
        {
            Description = "Files or folders with Sigma rules and the tests beside them: x.test.yml and x_test.yml are those of x.yml.",
            Arity = ArgumentArity.OneOrMore,
        };
        var others = new Option<string[]>("--rules")
        {
            Description = "A folder or file with rules that those of RULE refer to and that are not tested themselves. May be repeated.",
            HelpName = "DIR",
        };
        var events = new Option<string>("--event")
        {
            Description = "Ask the rules of RULE about the events of this file instead, and say why they match or what of them does not, "
                + "and for what correlations fire.",
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var exclusions = ExclusionOption.Create();
        var pipelines = PipelineOption.Create();
        var junit = new Option<string>("--junit") { Description = "Also write the result as JUnit XML.", HelpName = "FILE" };
        var command = new Command("test",
            "Runs the tests beside rules, or asks rules about events. "
            + "Status 1 when a test fails or there is none, or when no event is an alert.")
        {
            paths, others, events, exclusions, pipelines, json, junit,
        };
        command.SetAction(parsed => parsed.GetValue(events) is { } file
            ? Ask(parsed.GetRequiredValue(paths), parsed.GetValue(others) ?? [], file, Loading(parsed), parsed.GetValue(json),
                parsed.GetValue(junit))
            : Run(parsed.GetRequiredValue(paths), parsed.GetValue(others) ?? [], Loading(parsed), parsed.GetValue(json),
                parsed.GetValue(junit)));
        return command;

        SigmaLoadOptions Loading(ParseResult parsed) => new()
        {
            Exclusions = ExclusionOption.Of(parsed.GetValue(exclusions)), Pipelines = PipelineOption.Of(parsed.GetValue(pipelines)),
        };
    }

    private static int Run(string[] paths, string[] others, SigmaLoadOptions loading, bool json, string? junit)
    {
        ExistingPaths.Require([.. paths, .. others]);
        var suite = RuleTestSuite.Run(paths, others, loading);
        foreach (var error in suite.Errors) Console.Error.WriteLine($"picket: {error}");
        if (junit is not null)
        {
            using var stream = Open(junit);
            TestReport.WriteJUnit(suite, stream);
        }

        if (json) JsonOutput.Write(writer => TestReport.WriteJson(suite, writer));
        else TestReport.WriteText(suite, Console.Out);
        if (suite.Failed + suite.Errors.Count > 0) return ExitCodes.Findings;
        if (suite.Passed > 0) return ExitCodes.Done;

        // A pipeline of builds that looks into the wrong folder would find all well for ever.
        Console.Error.WriteLine($"picket: there is no test of a rule in {string.Join(", ", paths)}");
        return ExitCodes.Findings;
    }

    private static int Ask(string[] paths, string[] others, string file, SigmaLoadOptions loading, bool json, string? junit)
    {
        if (junit is not null) throw new UsageException("--junit is about tests, and there are none with --event");
        ExistingPaths.Require([.. paths, .. others, file]);
        if (Directory.Exists(file)) throw new UsageException($"--event {file}: a folder, where a file is expected");
        var rules = SigmaRuleSet.Load([.. paths, .. others], loading);
        foreach (var error in rules.Errors) Console.Error.WriteLine($"picket: {error}");
        var asked = RuleFiles.Find(paths, []).ToHashSet(StringComparer.Ordinal);
        var question = new RuleQuestion(
            rules.Rules.Where(rule => asked.Contains(rule.File)),
            rules.Correlations.Where(rule => rule.Alerts && asked.Contains(rule.File)), json ? int.MaxValue : MostExplained);
        if (question.IsEmpty) throw new UsageException($"there is no usable rule in {string.Join(", ", paths)}");
        var problems = 0;
        var batches = RecordedEvents.OfFile(file, malformed =>
        {
            problems++;
            Console.Error.WriteLine($"picket: {malformed}");
        });
        foreach (var batch in batches)
        {
            for (var i = 0; i < batch.Count; i++) question.Take(batch.View(i));
        }

        if (question.Events == 0) throw new UsageException($"{file}: there is no event");
        if (json) JsonOutput.Write(writer => QuestionReport.WriteJson(question, writer));
        else QuestionReport.WriteText(question, Console.Out);
        if (problems > 0) return ExitCodes.Usage;
        return question.Alerts ? ExitCodes.Done : ExitCodes.Findings;
    }

    private static FileStream Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Create, FileAccess.Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }
    }
}
