using System.CommandLine;
using Picket.Detection.Sigma;
using Picket.Node.Bench.Sensors;
using Picket.Node.Hosting;
using Picket.Node.Options;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Node.CommandLine;

/// <summary><c>picket bench sensors</c>.</summary>
internal static class SensorBenchCommand
{
    private const int DefaultRing = 16 * 1024 * 1024;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds")
        {
            Description = "Interleaved rounds of everybody who takes part; the medians count. 0: only what is compared and timed.",
            DefaultValueFactory = _ => 5,
        };
        var percent = new Option<int>("--percent")
        {
            Description = "Size of each storm, in percent of the whole.",
            DefaultValueFactory = _ => 100,
        };
        var seconds = new Option<int>("--seconds")
        {
            Description = "How long the storm of all kinds at once and those of the latency go on, each.",
            DefaultValueFactory = _ => 5,
        };
        var settle = new Option<int>("--settle")
        {
            Description = "Seconds that a node runs before it is measured at rest: its runtime compiles what ran often once more.",
            DefaultValueFactory = _ => 60,
        };
        var idle = new Option<int>("--idle")
        {
            Description = "Seconds over which the CPU of a node at rest is measured; 0: not.",
            DefaultValueFactory = _ => 10,
        };
        var kinds = new Option<string[]>("--kind") { Description = "Only this kind of storm. May be repeated.", HelpName = "KIND" };
        var only = new Option<string[]>("--only")
        {
            Description = "Only those who take part and whose names begin so, and the workload alone. May be repeated.",
            HelpName = "NAME",
        };
        var rules = new Option<string[]>("--rules")
        {
            Description = "A folder or file with Sigma rules for Picket, instead of the bundled ones. May be repeated.",
            HelpName = "DIR",
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("sensors", "Measures loss, cost and latency of the sensors under storms, beside readers in C and others.")
        {
            rounds, percent, seconds, settle, idle, kinds, only, rules, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            var places = RulesOf(parsed.GetValue(rules) ?? []);
            var options = new SensorBenchOptions(
                parsed.GetValue(rounds) is >= 0 and <= 1000 and var times
                    ? times : throw new UsageException($"--rounds {parsed.GetValue(rounds)}: from 0 to 1000"),
                BenchCommand.Within(parsed.GetValue(percent), "--percent", 10_000),
                KindsOf(parsed.GetValue(kinds) ?? []), parsed.GetValue(only) ?? [], places,
                RuleLoading.InterestOf(RuleLoading.Load(places, new SigmaLoadOptions(), Console.Error)),
                BenchCommand.Within(parsed.GetValue(seconds), "--seconds", 3600),
                SecondsOf(parsed.GetValue(settle), "--settle"), SecondsOf(parsed.GetValue(idle), "--idle"), DefaultRing);
            return await RunAsync(options, parsed.GetValue(json));
        });
        return command;
    }

    private static TimeSpan SecondsOf(int value, string option) => value is >= 0 and <= 3600
        ? TimeSpan.FromSeconds(value) : throw new UsageException($"{option} {value}: from 0 to 3600");

    private static async Task<int> RunAsync(SensorBenchOptions options, bool asJson)
    {
        if (!OperatingSystem.IsLinux()) throw new MissingPartException("the sensors that are measured are Linux's");
        var result = await new SensorBench(options, BenchPrograms.Find(), Say).RunAsync();
        if (asJson) SensorBenchJson.Write(options, result);
        else SensorBenchText.Write(Console.Out, result);
        var unaccounted = result.Accounts.Sum(account => account.Unaccounted + account.Wrong);
        var absent = Environment.GetEnvironmentVariable("CI") == "true" && result.Absent.Count > 0;
        return unaccounted > 0 || result.Unbalanced.Count > 0 || absent ? ExitCodes.Findings : ExitCodes.Done;
    }

    /// <summary>It takes minutes: people are told how far it is.</summary>
    private static void Say(string what)
    {
        if (!Console.IsErrorRedirected) Console.Error.WriteLine(what);
    }

    /// <summary>Those that are asked for, else those that this build has sensors for.</summary>
    private static List<StormKind> KindsOf(string[] names)
    {
        foreach (var name in names)
        {
            if (StormKind.All.All(kind => kind.Name != name))
                throw new UsageException($"--kind {name}: one of {string.Join(", ", StormKind.All.Select(kind => kind.Name))}");
        }

        var built = StormKind.All.Where(kind => kind.Concern == Concern.Process || EbpfOptions.Optional.Contains(kind.Concern)).ToList();
        foreach (var name in names)
        {
            if (built.All(kind => kind.Name != name)) throw new MissingPartException($"--kind {name}: this build has no sensor for it");
        }

        return names.Length == 0 ? built : [.. built.Where(kind => names.Contains(kind.Name))];
    }

    private static IReadOnlyList<string> RulesOf(string[] places)
    {
        if (places.Length > 0) return [.. places.Select(Path.GetFullPath)];
        return NodeOptionsReader.Read(NodeConfig.Load(NodeConfig.FindDefaultFile(), []).Config).SigmaRules;
    }
}
