using System.CommandLine;
using System.Diagnostics;
using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Sigma;
using Picket.Node.Hosting;
using Picket.Node.Replaying;
using Picket.Node.Self;
using Picket.Sensors.Replay.Inputs;

namespace Picket.Node.CommandLine;

/// <summary><c>picket replay</c>.</summary>
internal static class ReplayCommand
{
    private const int MostProblems = 50;

    /// <summary>Bytes of inputs that are read for so long that the garbage of the load is worth a tenth of a second.</summary>
    private const long Long = 64 << 20;

    private const string Standard = "-";
    private const string StandardInput = "/dev/stdin";
    private const string StandardOutput = "/dev/stdout";

    public static Command Create()
    {
        var inputs = new Argument<string[]>("INPUT")
        {
            Description = "Files of recorded events, and folders of such: JSON objects of Sigma-named fields in lines, arrays or one "
                + "behind the other, Windows events as JSON or XML, Windows event logs (EVTX), auditd's log and what ausearch prints, "
                + "journalctl's JSON, lines of syslog, also with an event in JSON or XML; also packed by gzip, zip or tar. - is the "
                + "standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var rules = new Option<string[]>("--rules")
        {
            Description = "A folder or file with Sigma rules. May be repeated.",
            HelpName = "DIR",
            Required = true,
        };
        var alerts = new Option<string>("--alerts")
        {
            Description = "Where the alerts go; written anew. - is the standard output, which gets no summary then.",
            HelpName = "FILE",
            Required = true,
        };
        var format = new Option<string>("--format")
        {
            Description = $"What the inputs are written in: {string.Join(", ", RecordReaders.Names.Keys)}; recognised by their content "
                + "when left out.",
            HelpName = "NAME",
        };
        var exclusions = ExclusionOption.Create();
        var pipelines = PipelineOption.Create();
        var json = new Option<bool>("--json") { Description = "Print the summary as JSON." };
        var command = new Command("replay", "Asks the rules about recorded events.")
        {
            inputs, rules, alerts, format, exclusions, pipelines, json,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(inputs), parsed.GetRequiredValue(rules), parsed.GetRequiredValue(alerts), parsed.GetValue(format),
            new SigmaLoadOptions
            {
                Exclusions = ExclusionOption.Of(parsed.GetValue(exclusions)), Pipelines = PipelineOption.Of(parsed.GetValue(pipelines)),
            },
            parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(
        string[] inputs, string[] paths, string alerts, string? format, SigmaLoadOptions loading, bool json)
    {
        var forced = InputFormat.Unknown;
        if (format is not null && !RecordReaders.Names.TryGetValue(format, out forced))
            throw new UsageException($"unknown format '{format}': {string.Join(", ", RecordReaders.Names.Keys)}");
        var (files, bytes) = Find(inputs, alerts);
        if (files.Count == 0) await Console.Error.WriteLineAsync($"picket: warning: there is no file in {string.Join(", ", inputs)}");
        var rules = RuleLoading.Load(paths, loading, Console.Error);

        // A sensor goes on without them; whoever asks about recorded events would take the answers for those with them.
        if (rules.Errors.Any(error => rules.OtherFiles.Contains(error.File)))
            throw new UsageException("a pipeline or a file of exclusions has errors: nothing was replayed");
        var builder = new AlertBuilder(
            new AlertOptions { Host = HostFactsReader.Read(Environment.MachineName), AgentVersion = VersionCommand.Version },
            TimeProvider.System);
        var problems = 0L;
        await using var output = Open(alerts);
        ReplayProgress? progress = null;
        var correlation = rules.Correlations.Count == 0 ? null : new ReplayCorrelation(rules, builder);
        var engine = SigmaEngine.Build(rules.Rules, SigmaEngineOptions.OfFiles);
        if (bytes > Long) HeapPacer.GiveBack();
        var run = new ReplayRun(engine, builder, output, Problem, Environment.ProcessorCount, correlation)
        {
            Unasked = UnaskedRecords.Of(rules.Rules, loading.Pipelines),
        };
        var clock = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals();
        _ = signals.WaitAsync(null).ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        try
        {
            using (progress = new ReplayProgress(run, bytes, Console.Error, !Console.IsErrorRedirected))
            {
                foreach (var file in files)
                {
                    await run.ReadAsync(file, forced, stop.Token);
                    if (stop.IsCancellationRequested) break;
                }
            }

            await output.FlushAsync(CancellationToken.None);
        }
        catch (IOException e)
        {
            throw new UsageException(e.Message);
        }

        if (problems > MostProblems) await Console.Error.WriteLineAsync($"picket: {problems - MostProblems} more like these");
        if (correlation is { Undated: > 0 })
        {
            await Console.Error.WriteLineAsync($"picket: {correlation.Undated} matches have no time and could not be correlated: their "
                + "records have no time in @timestamp, UtcTime, TimeCreated, EventTime, timestamp, eventTime, time, ts or the like");
        }

        if (run.Empty is { Count: > 0 } empty)
        {
            var names = string.Join(", ", empty.Take(5)) + (empty.Count > 5 ? $" and {empty.Count - 5} more" : "");
            await Console.Error.WriteLineAsync($"picket: warning: there is no record in {names}");
        }

        if (alerts != Standard) Report(run, rules, clock.Elapsed, stop.IsCancellationRequested, json);
        if (stop.IsCancellationRequested) return ExitCodes.Interrupted;
        return run.Inputs.Any(input => input.Problem is not null) ? ExitCodes.Usage : ExitCodes.Done;

        void Problem(string line)
        {
            // Told from the reading and from the writing side.
            if (Interlocked.Increment(ref problems) > MostProblems) return;
            progress!.Say("picket: " + line);
        }
    }

    /// <summary>The files of the inputs, and their bytes, which only the progress is measured by.</summary>
    private static (List<string> Files, long Bytes) Find(string[] inputs, string alerts)
    {
        var files = new List<string>();
        foreach (var input in inputs)
        {
            if (input == Standard)
            {
                files.Add(StandardInput);
                continue;
            }

            ExistingPaths.Require(input);
            try
            {
                files.AddRange(InputFiles.Find(input, leftOut => Console.Error.WriteLine($"picket: warning: {leftOut}")));
            }
            catch (UnauthorizedAccessException e)
            {
                throw new UsageException(e.Message);
            }
        }

        var target = Target(alerts);
        foreach (var file in files)
        {
            if (Target(file) == target) throw new UsageException($"{alerts}: the alerts would overwrite this input");
        }

        return (files, files.Sum(file => new FileInfo(Target(file)) is { Exists: true } info ? info.Length : 0));
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
            return new FileStream(alerts == Standard ? StandardOutput : alerts, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }
    }

    private static void Report(ReplayRun run, SigmaRuleSet rules, TimeSpan elapsed, bool stopped, bool json)
    {
        if (json) JsonOutput.Write(writer => ReplaySummary.WriteJson(run, rules, elapsed, stopped, writer));
        else ReplaySummary.WriteText(run, rules, elapsed, stopped, Console.Out);
    }
}
