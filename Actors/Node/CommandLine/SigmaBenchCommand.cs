using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Picket.Node.Bench;
using Picket.Node.Bench.Sigma;

namespace Picket.Node.CommandLine;

/// <summary><c>picket bench sigma</c>.</summary>
internal static class SigmaBenchCommand
{
    public static Command Create()
    {
        var rules = new Option<string[]>("--rules")
        {
            Description = "A folder or file with Sigma rules. May be repeated.",
            HelpName = "DIR",
            Required = true,
        };
        var input = new Option<string?>("--input")
        {
            Description = "Recorded events, in any form that replay reads, also in a folder; they are made JSON lines in memory first. "
                + "Without it Sysmon-shaped and Linux events are made up.",
            HelpName = "FILE",
        };
        var events = new Option<int>("--events")
        {
            Description = "How many events are made up of each kind of workload.",
            DefaultValueFactory = _ => 50_000,
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "Measured rounds, after one of warm-up; the median counts.",
            DefaultValueFactory = _ => 5,
        };
        var twin = new Option<int>("--twin")
        {
            Description = "How many events of each workload the full scan, which is slow, is asked about; 0: none.",
            DefaultValueFactory = _ => 500,
        };
        var only = new Option<string?>("--only")
        {
            Description = "Only the workload whose name begins so: "
                + $"{string.Join(", ", SigmaBench.Workloads.Select(workload => workload.Name))}.",
            HelpName = "NAME",
        };
        var pipelines = PipelineOption.Create();
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("sigma", "Measures how fast Sigma rules decide, from lines and from records, beside a full scan.")
        {
            rules, input, events, rounds, twin, only, pipelines, json,
        };
        command.SetAction(parsed =>
        {
            var options = new SigmaBenchOptions(
                [.. (parsed.GetValue(rules) ?? []).Select(Existing)],
                parsed.GetValue(input) is { } file ? Existing(file) : null,
                BenchCommand.Within(parsed.GetValue(events), "--events", 10_000_000),
                BenchCommand.Within(parsed.GetValue(rounds), "--rounds", 1000),
                parsed.GetValue(twin) is >= 0 and var some ? some : throw new UsageException($"--twin {parsed.GetValue(twin)}: 0 or more"),
                parsed.GetValue(only),
                PipelineOption.Of(parsed.GetValue(pipelines)));
            if (SigmaBench.Workloads.All(workload => !workload.Name.StartsWith(options.Only ?? "", StringComparison.Ordinal)))
                throw new UsageException($"--only {options.Only}: no workload's name begins so");
            var result = new SigmaBench(options, Say).Run();
            if (parsed.GetValue(json)) WriteJson(result);
            else WriteText(Console.Out, result);
            return result.Workloads.Any(workload => workload.TwinDifferences > 0) ? ExitCodes.Findings : ExitCodes.Done;
        });
        return command;
    }

    private static string Existing(string path) =>
        Directory.Exists(path) || File.Exists(path) ? Path.GetFullPath(path) : throw new UsageException($"{path}: no such file or folder");

    private static void Say(string what)
    {
        if (!Console.IsErrorRedirected) Console.Error.WriteLine(what);
    }

    private static void WriteText(TextWriter text, SigmaBenchResult result)
    {
        text.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Rules} rules loaded in {result.LoadSeconds:0.000} s, {result.Errors} errors; "
            + $"rules and engine keep {Mib(result.EngineBytes)} MiB; the process has {Mib(result.LoadedBytes)} MiB with them, "
            + $"{Mib(result.ResidentBytes)} MiB with the events"));
        foreach (var row in result.Workloads)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Name}: {row.Events} events of {row.BytesPerEvent:0} bytes, {row.Malformed} malformed, {row.Matches} matches"));
            foreach (var speed in row.Speeds)
                text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {speed.Name,-21}{speed.Median,12:#,##0} events/s ({speed.Least:#,##0} to {speed.Most:#,##0})"));
            text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  candidates an event: p50 {row.CandidatesMedian}, p95 {row.CandidatesHigh}; "
                + $"{row.AllocatedPerEvent:0.0} bytes allocated an event"));
            text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  full scan: {row.TwinPerSecond:0} events/s over {row.TwinEvents} events, which differ in {row.TwinDifferences}"));
        }
    }

    private static string Mib(long bytes) => (bytes / 1048576.0).ToString("0", CultureInfo.InvariantCulture);

    private static void WriteJson(SigmaBenchResult result)
    {
        using var stream = Console.OpenStandardOutput();
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        writer.WriteString("system", RuntimeInformation.OSDescription);
        writer.WriteString("architecture", RuntimeInformation.OSArchitecture.ToString());
        writer.WriteNumber("processors", Environment.ProcessorCount);
        writer.WriteNumber("rules", result.Rules);
        writer.WriteNumber("errors", result.Errors);
        writer.WriteNumber("load_seconds", Math.Round(result.LoadSeconds, 4));
        writer.WriteNumber("engine_bytes", result.EngineBytes);
        writer.WriteNumber("loaded_bytes", result.LoadedBytes);
        writer.WriteNumber("resident_bytes", result.ResidentBytes);
        writer.WriteStartArray("workloads");
        foreach (var row in result.Workloads) Write(writer, row);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        stream.Write("\n"u8);
    }

    private static void Write(Utf8JsonWriter writer, SigmaWorkloadResult row)
    {
        writer.WriteStartObject();
        writer.WriteString("name", row.Name);
        writer.WriteNumber("events", row.Events);
        writer.WriteNumber("malformed", row.Malformed);
        writer.WriteNumber("bytes_per_event", Math.Round(row.BytesPerEvent, 1));
        writer.WriteNumber("matches", row.Matches);
        writer.WriteNumber("cores", row.Cores);
        writer.WriteStartObject("events_per_second");
        foreach (var speed in row.Speeds) Write(writer, speed);
        writer.WriteEndObject();
        writer.WriteNumber("candidates_p50", row.CandidatesMedian);
        writer.WriteNumber("candidates_p95", row.CandidatesHigh);
        writer.WriteNumber("allocated_bytes_per_event", Math.Round(row.AllocatedPerEvent, 2));
        writer.WriteNumber("full_scan_events", row.TwinEvents);
        writer.WriteNumber("full_scan_per_second", Math.Round(row.TwinPerSecond, 1));
        writer.WriteNumber("full_scan_differences", row.TwinDifferences);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, BenchRow row)
    {
        writer.WriteStartObject(row.Name.Replace('-', '_'));
        writer.WriteNumber("median", Math.Round(row.Median));
        writer.WriteNumber("min", Math.Round(row.Least));
        writer.WriteNumber("max", Math.Round(row.Most));
        writer.WriteEndObject();
    }
}
