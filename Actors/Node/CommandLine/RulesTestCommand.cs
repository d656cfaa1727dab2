using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Trial;
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
        var events = new Option<string>("--event")
        {
            Description = "Ask the rules of RULE about the events of this file instead, and say why they match or what of them does not.",
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var pipelines = PipelineOption.Create();
        var junit = new Option<string>("--junit") { Description = "Also write the result as JUnit XML.", HelpName = "FILE" };
        var command = new Command(
            "test", "Runs the tests beside rules, or asks rules about events. Status 1 when a test fails, or when no event matches.")
        {
            paths, events, pipelines, json, junit,
        };
        command.SetAction(parsed => parsed.GetValue(events) is { } file
            ? Ask(parsed.GetRequiredValue(paths), file, Loading(parsed), parsed.GetValue(json), parsed.GetValue(junit))
            : Run(parsed.GetRequiredValue(paths), Loading(parsed), parsed.GetValue(json), parsed.GetValue(junit)));
        return command;

        SigmaLoadOptions Loading(ParseResult parsed) => new() { Pipelines = PipelineOption.Of(parsed.GetValue(pipelines)) };
    }

    private static int Run(string[] paths, SigmaLoadOptions loading, bool json, string? junit)
    {
        Require(paths);
        var suite = RuleTestSuite.Run(paths, loading);
        foreach (var error in suite.Errors) Console.Error.WriteLine($"picket: {error}");
        if (junit is not null)
        {
            using var stream = Open(junit);
            TestReport.WriteJUnit(suite, stream);
        }

        if (json) WriteJson(writer => TestReport.WriteJson(suite, writer));
        else TestReport.WriteText(suite, Console.Out);
        return suite.Failed + suite.Errors.Count > 0 ? ExitCodes.Findings : ExitCodes.Done;
    }

    private static int Ask(string[] paths, string file, SigmaLoadOptions loading, bool json, string? junit)
    {
        if (junit is not null) throw new UsageException("--junit is about tests, and there are none with --event");
        Require([.. paths, file]);
        var rules = SigmaRuleSet.Load(paths, loading);
        foreach (var error in rules.Errors) Console.Error.WriteLine($"picket: {error}");
        if (rules.Rules.Count == 0) throw new UsageException($"there is no usable rule in {string.Join(", ", paths)}");
        var answers = new List<Answer>();
        var matches = 0L;
        var events = 0L;
        int problems = 0, explained = 0;
        var asked = rules.Rules.GroupBy(rule => rule.Original).Select(forms => forms.Select(form => SigmaEngine.Build([form])).ToArray())
            .ToList();
        var batches = RecordedEvents.OfFile(file, malformed =>
        {
            problems++;
            Console.Error.WriteLine($"picket: {malformed}");
        });
        foreach (var batch in batches)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                events++;
                foreach (var forms in asked)
                {
                    var answer = Ask(forms, batch.View(i));
                    if (answer.Trial.Matches) matches++;
                    if (answer.Trial.Matches || json || explained++ < MostExplained) answers.Add(answer);
                }
            }
        }

        if (events == 0) throw new UsageException($"{file}: there is no event");
        if (json) WriteJson(writer => Write(answers, events, matches, writer));
        else Write(answers, events, matches, Console.Out);
        if (problems > 0) return ExitCodes.Usage;
        return matches > 0 ? ExitCodes.Done : ExitCodes.Findings;
    }

    /// <summary>Asks a rule and its copies: what the first says that matches, else the first that is asked about such events.</summary>
    private static Answer Ask(SigmaEngine[] forms, in EventView view)
    {
        Answer? found = null;
        foreach (var form in forms)
        {
            var trial = RuleTrial.Of(form, view);
            if (found is null || trial.Matches || (trial.IsOffered && !found.Trial.IsOffered))
                found = new Answer(form.Rules[0], view.Source.File ?? "", view.Record.Sequence, trial);
            if (trial.Matches) break;
        }

        return found!;
    }

    private static void Write(List<Answer> answers, long events, long matches, TextWriter writer)
    {
        foreach (var answer in answers)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{answer.File}:{answer.Record}: {(answer.Trial.Matches ? "matches" : "does not match")}: {answer.Rule}"));
            foreach (var line in TrialText.Of(answer.Trial)) writer.WriteLine($"    {line}");
        }

        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{events} events, {matches} matches"));
    }

    private static void Write(List<Answer> answers, long events, long matches, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("events", events);
        writer.WriteNumber("matches", matches);
        writer.WriteStartArray("answers");
        foreach (var answer in answers)
        {
            writer.WriteStartObject();
            writer.WriteString("file", answer.File);
            writer.WriteNumber("record", answer.Record);
            writer.WriteString("rule", answer.Rule.Id);
            writer.WriteString("title", answer.Rule.Title);
            writer.WritePropertyName("answer");
            TrialJson.Write(answer.Trial, writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Require(string[] paths)
    {
        foreach (var path in paths)
        {
            if (!Directory.Exists(path) && !File.Exists(path)) throw new UsageException($"{path}: no such file or folder");
        }
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

    private static void WriteJson(Action<Utf8JsonWriter> write)
    {
        using var stream = Console.OpenStandardOutput();
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        write(writer);
        writer.Flush();
        stream.Write("\n"u8);
    }

    /// <summary>What one rule says of one event.</summary>
    private sealed record Answer(SigmaRule Rule, string File, ulong Record, RuleTrial Trial);
}
