using System.Globalization;
using Picket.Node.Bench.Sensors;

namespace Picket.Node.CommandLine;

/// <summary>The result of <c>picket bench sensors</c> for people: medians, with the loss beside them.</summary>
internal static class SensorBenchText
{
    private const long MiB = 1024 * 1024;

    public static void Write(TextWriter output, SensorBenchResult result)
    {
        output.WriteLine($"{"kind",-6}{"watched by",-14}{"rounds/s",10}{"slowdown",10}{"CPU s/M",10}{"RSS MiB",10}{"lost",10} of made");
        foreach (var row in result.Rows)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Kind.Name,-6}{row.Contender,-14}{StormRow.Median(row.RoundsPerSecond),10:0}{Figure(row.Slowdown, "0.000"),10}"
                + $"{Figure(row.CpuPerMillion, "0.00"),10}{Figure([.. row.Resident.Select(bytes => bytes / MiB)], "0"),10}"
                + $"{row.Counted.Lost,10} of {row.Made}"));
        }

        foreach (var (name, why) in result.Absent) output.WriteLine($"{name} took no part: {why}");
        foreach (var kind in result.AtOnce)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"at once: {kind.Kind} {kind.Rounds / kind.Seconds:0} rounds/s"));
        foreach (var account in result.Accounts)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{account.Operation} -> {account.Kind}: {account.Done} done, {account.Seen} seen, {account.Lost} lost, "
                + $"{account.Unaccounted} unaccounted, {account.Wrong} wrong, {account.Repeated} repeated"));
            if (account.Example is { } example) output.WriteLine($"  {example}");
        }

        foreach (var row in result.Latencies)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"latency {row.Load}: p50 {row.Percentile(0.5):0.000} ms, p99 {row.Percentile(0.99):0.000} ms "
                + $"of {row.Milliseconds.Count} execs"));
        }

        if (double.IsFinite(result.IdlePercent))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"at rest: {result.IdlePercent:0.000} % of a processor, with {result.IdleEvents} events of other processes"));
        }

        foreach (var said in result.Unbalanced) output.WriteLine($"a run of Picket did not balance or was not drained; {said}");
    }

    private static string Figure(List<double> figures, string format) =>
        figures.Count == 0 ? "-" : StormRow.Median(figures).ToString(format, CultureInfo.InvariantCulture);
}
