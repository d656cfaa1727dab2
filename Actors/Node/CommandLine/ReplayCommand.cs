using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Sigma;
using Picket.Node.Hosting;
using Picket.Node.Replaying;

namespace Picket.Node.CommandLine;

/// <summary><c>picket replay</c>.</summary>
internal static class ReplayCommand
{
    private const int MostProblems = 50;

    public static Command Create()
    {
        var inputs =
            new Argument<string[]>("INPUT") { Description = "NDJSON files of Sigma-named fields.", Arity = ArgumentArity.OneOrMore };
        var rules = new Option<string[]>("--rules")
        {
            Description = "A folder or file with Sigma rules. May be repeated.",
            HelpName = "DIR",
            Required = true,
        };
        var alerts =
            new Option<string>("--alerts") { Description = "Where the alerts go; written anew.", HelpName = "FILE", Required = true };
        var json = new Option<bool>("--json") { Description = "Print the summary as JSON." };
        var command = new Command("replay", "Asks the rules about recorded events.") { inputs, rules, alerts, json };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(inputs), parsed.GetRequiredValue(rules), parsed.GetRequiredValue(alerts), parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(string[] inputs, string[] paths, string alerts, bool json)
    {
        foreach (var input in inputs)
        {
            if (Directory.Exists(input)) throw new UsageException($"{input}: a folder, where a file is expected");
            if (!File.Exists(input)) throw new UsageException($"{input}: no such file");
            if (Target(input) == Target(alerts)) throw new UsageException($"{alerts}: the alerts would overwrite this input");
        }

        var rules = RuleLoading.Load(paths, new SigmaLoadOptions(), Console.Error);
        var builder = new AlertBuilder(
            new AlertOptions { Host = HostFactsReader.Read(Environment.MachineName), AgentVersion = VersionCommand.Version },
            TimeProvider.System);
        var problems = 0L;
        await using var output = Open(alerts);
        var run = new ReplayRun(SigmaEngine.Build(rules.Rules), builder, output, Problem, Environment.ProcessorCount);
        var clock = Stopwatch.StartNew();
        try
        {
            foreach (var input in inputs) await run.ReadAsync(input);
            await output.FlushAsync();
        }
        catch (IOException e)
        {
            throw new UsageException(e.Message);
        }

        if (problems > MostProblems) await Console.Error.WriteLineAsync($"picket: {problems - MostProblems} more like these");
        Report(run, rules, clock.Elapsed, json);
        return ExitCodes.Done;

        void Problem(string line)
        {
            // Told from the reading and from the writing side.
            if (Interlocked.Increment(ref problems) <= MostProblems) Console.Error.WriteLine("picket: " + line);
        }
    }

    /// <summary>The file that a path leads to in the end.</summary>
    private static string Target(string path) =>
        (File.Exists(path) ? File.ResolveLinkTarget(path, true)?.FullName : null) ?? Path.GetFullPath(path);

    private static FileStream Open(string alerts)
    {
        var options =
            new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 64 * 1024 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(alerts, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }
    }

    private static void Report(ReplayRun run, SigmaRuleSet rules, TimeSpan elapsed, bool json)
    {
        var rate = run.Events / Math.Max(elapsed.TotalSeconds, 1e-9);
        if (!json)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"events {run.Events}, alerts {run.Alerts}, malformed {run.Malformed}, {rate:0} events per second"));
            if (run.Failures > 0) Console.Out.WriteLine($"{run.Failures} times a rule failed on a record");
            return;
        }

        using var stream = Console.OpenStandardOutput();
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteNumber("events", run.Events);
        writer.WriteNumber("alerts", run.Alerts);
        writer.WriteNumber("malformed", run.Malformed);
        writer.WriteNumber("events_per_second", Math.Round(rate, 1));
        writer.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 6));
        writer.WriteNumber("rules", rules.Rules.Count);
        writer.WriteNumber("rule_errors", rules.Errors.Count);
        writer.WriteNumber("rule_failures", run.Failures);
        writer.WriteEndObject();
        writer.Flush();
        stream.Write("\n"u8);
    }
}
