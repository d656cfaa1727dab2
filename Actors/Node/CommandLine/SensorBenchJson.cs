using System.Runtime.InteropServices;
using System.Text.Json;
using Picket.Node.Bench.Sensors;

namespace Picket.Node.CommandLine;

/// <summary>The result of <c>picket bench sensors</c> for machines.</summary>
internal static class SensorBenchJson
{
    public static void Write(SensorBenchOptions options, SensorBenchResult result)
    {
        using var stream = Console.OpenStandardOutput();
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteString("system", RuntimeInformation.OSDescription);
        writer.WriteString("architecture", RuntimeInformation.OSArchitecture.ToString());
        writer.WriteNumber("processors", Environment.ProcessorCount);
        writer.WriteNumber("rounds", options.Rounds);
        writer.WriteNumber("percent", options.Percent);
        writer.WriteNumber("ring_bytes", options.RingBytes);
        writer.WriteStartObject("absent");
        foreach (var (name, why) in result.Absent) writer.WriteString(name, why);
        writer.WriteEndObject();
        writer.WriteStartArray("storms");
        foreach (var row in result.Rows) Write(writer, row);
        writer.WriteEndArray();
        writer.WriteStartArray("at_once");
        foreach (var kind in result.AtOnce)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", kind.Kind);
            writer.WriteNumber("rounds", kind.Rounds);
            Number(writer, "rounds_per_second", kind.Rounds / kind.Seconds);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("accounts");
        foreach (var account in result.Accounts) Write(writer, account);
        writer.WriteEndArray();
        writer.WriteStartArray("latency");
        foreach (var row in result.Latencies) Write(writer, row);
        writer.WriteEndArray();
        Number(writer, "idle_cpu_percent", result.IdlePercent);
        writer.WriteNumber("idle_events", result.IdleEvents);
        writer.WriteNumber("unbalanced_runs", result.Unbalanced.Count);
        writer.WriteStartArray("unbalanced");
        foreach (var said in result.Unbalanced) writer.WriteStringValue(said);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        stream.Write("\n"u8);
    }

    private static void Write(Utf8JsonWriter writer, StormRow row)
    {
        writer.WriteStartObject();
        writer.WriteString("contender", row.Contender);
        writer.WriteString("kind", row.Kind.Name);
        writer.WriteNumber("events_made", row.Made);
        writer.WriteNumber("events_seen", row.Counted.Seen);
        writer.WriteStartObject("lost");
        writer.WriteNumber("full", row.Counted.Full);
        writer.WriteNumber("reserve", row.Counted.Reserve);
        writer.WriteNumber("busy", row.Counted.Busy);
        writer.WriteEndObject();
        Figures(writer, "rounds_per_second", row.RoundsPerSecond);
        Figures(writer, "slowdown", row.Slowdown);
        Figures(writer, "cpu_seconds_per_million_events", row.CpuPerMillion);
        Figures(writer, "resident_bytes", row.Resident);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Account account)
    {
        writer.WriteStartObject();
        writer.WriteString("operation", account.Operation.ToString());
        writer.WriteString("event", account.Kind);
        writer.WriteNumber("done", account.Done);
        writer.WriteNumber("seen", account.Seen);
        writer.WriteNumber("lost", account.Lost);
        writer.WriteNumber("unaccounted", account.Unaccounted);
        writer.WriteNumber("wrong", account.Wrong);
        writer.WriteNumber("repeated", account.Repeated);
        if (account.Example is { } example) writer.WriteString("example", example);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, LatencyRow row)
    {
        writer.WriteStartObject();
        writer.WriteString("load", row.Load);
        writer.WriteNumber("events", row.Milliseconds.Count);
        Number(writer, "p50_ms", row.Percentile(0.50));
        Number(writer, "p99_ms", row.Percentile(0.99));
        Number(writer, "max_ms", row.Percentile(1.0));
        writer.WriteEndObject();
    }

    private static void Figures(Utf8JsonWriter writer, string name, List<double> figures)
    {
        if (figures.Count == 0) return;
        writer.WriteStartObject(name);
        Number(writer, "median", StormRow.Median(figures));
        Number(writer, "min", figures.Min());
        Number(writer, "max", figures.Max());
        writer.WriteStartArray("runs");
        foreach (var figure in figures) writer.WriteNumberValue(Math.Round(figure, 6));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>What was not measured is null: JSON has no number for it.</summary>
    private static void Number(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value)) writer.WriteNumber(name, Math.Round(value, 6));
        else writer.WriteNull(name);
    }
}
