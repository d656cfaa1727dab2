using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Picket.Node.Bench;

namespace Picket.Node.CommandLine;

/// <summary><c>picket bench</c> with <c>actors</c>; <c>sensors</c> and <c>sigma</c> have files of their own.</summary>
internal static class BenchCommand
{
    /// <summary>The runtime's own switch of profile-guided optimisation.</summary>
    private const string TieredPgo = "DOTNET_TieredPGO";

    public static Command Create()
    {
        var runs = new Option<int>("--runs")
        {
            Description = "Measured rounds of each scenario, after two of warm-up; the median counts.",
            DefaultValueFactory = _ => 5,
        };
        var percent = new Option<int>("--percent")
        {
            Description = "Size of each scenario, in percent of the whole.",
            DefaultValueFactory = _ => 100,
        };
        var only = new Option<string>("--only") { Description = "Only the scenarios whose name begins so.", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "Print the rows as JSON." };
        var asNode = new Option<bool>("--as-node")
        {
            Description = "Measure with the settings of picket run, which does without profile-guided optimisation.",
        };
        var actors = new Command("actors", "Measures the kernel of actors: messages, asks, births, failures, bytes.")
        {
            runs, percent, only, json, asNode,
        };
        actors.SetAction(async (parsed, cancellation) =>
        {
            if (!parsed.GetValue(asNode) && Environment.GetEnvironmentVariable(TieredPgo) is null) return await AgainAsync(cancellation);
            var bench = new ActorBench(
                Within(parsed.GetValue(runs), "--runs", 1000), Within(parsed.GetValue(percent), "--percent", 1000), parsed.GetValue(only));
            var asJson = parsed.GetValue(json);
            var rows = await bench.RunAsync(row =>
            {
                if (!asJson) Console.Out.WriteLine(Line(row));
            });
            if (rows.Count == 0) throw new UsageException($"--only {parsed.GetValue(only)}: no scenario begins so");
            if (asJson) Write(rows);
            return ExitCodes.Done;
        });
        return new Command("bench", "Measures parts of Picket on this machine.")
        {
            actors, SensorBenchCommand.Create(), SigmaBenchCommand.Create(),
        };
    }

    /// <summary>The whole list once more, in a process with the runtime's own settings, as other kernels are measured with them: picket's
    /// are chosen for a node that has just started, and the runtime reads them before any code of ours runs.</summary>
    private static async Task<int> AgainAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        var own = Environment.GetCommandLineArgs();
        var muxed = !Path.GetFileNameWithoutExtension(start.FileName).Equals(
            Path.GetFileNameWithoutExtension(own[0]), StringComparison.Ordinal);
        foreach (var argument in own.Skip(muxed ? 0 : 1)) start.ArgumentList.Add(argument);
        start.Environment[TieredPgo] = "1";
        using var process = Process.Start(start)!;
        await using var end = cancellation.Register(() => process.Kill());
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    internal static int Within(int value, string option, int most) =>
        value >= 1 && value <= most ? value : throw new UsageException($"{option} {value}: from 1 to {most}");

    private static string Line(BenchRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Name,-20}{Figure(row.Median),15} {row.Unit,-12} ({Figure(row.Least)} to {Figure(row.Most)})");

    private static string Figure(double value) => value.ToString(value < 100 ? "0.000" : "#,##0", CultureInfo.InvariantCulture);

    private static void Write(IReadOnlyList<BenchRow> rows)
    {
        using var stream = Console.OpenStandardOutput();
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        writer.WriteString("system", RuntimeInformation.OSDescription);
        writer.WriteString("architecture", RuntimeInformation.OSArchitecture.ToString());
        writer.WriteNumber("processors", Environment.ProcessorCount);
        writer.WriteBoolean("tiered_pgo", Environment.GetEnvironmentVariable(TieredPgo) is not (null or "0"));
        writer.WriteStartArray("rows");
        foreach (var row in rows)
        {
            writer.WriteStartObject();
            writer.WriteString("scenario", row.Name);
            writer.WriteString("unit", row.Unit);
            writer.WriteBoolean("higher_is_better", row.HigherIsBetter);
            writer.WriteNumber("median", Math.Round(row.Median, 6));
            writer.WriteNumber("min", Math.Round(row.Least, 6));
            writer.WriteNumber("max", Math.Round(row.Most, 6));
            writer.WriteStartArray("runs");
            foreach (var run in row.Runs) writer.WriteNumberValue(Math.Round(run, 6));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        stream.Write("\n"u8);
    }
}
