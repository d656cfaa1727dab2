using System.CommandLine;

namespace Picket.Fuzz;

/// <summary>Searches for texts that break the HOCON reader: <c>Picket.Fuzz --minutes 10 --seed 1</c>.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        var minutes = new Option<double>("--minutes") { Description = "how long to search", DefaultValueFactory = _ => 1 };
        var executions = new Option<long>("--executions") { Description = "how many inputs to execute at most", DefaultValueFactory = _ => long.MaxValue };
        var seed = new Option<int>("--seed") { Description = "where the random numbers begin", DefaultValueFactory = _ => 1 };
        var corpus = new Option<string?>("--corpus") { Description = "a folder whose .conf, .json and .properties files to begin with too" };
        var defect = new Option<bool>("--planted") { Description = "search a reader with a planted defect" };
        var command = new RootCommand("Searches for texts that break the HOCON reader, led by the edges they take in it.")
        {
            minutes, executions, seed, corpus, defect,
        };
        command.SetAction(parsed =>
        {
            var findings = new FuzzSession(
                new FuzzOptions
                {
                    Seed = parsed.GetValue(seed),
                    Time = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
                    Executions = parsed.GetValue(executions),
                    SeedFiles = parsed.GetValue(corpus) is { } folder ? SeedFiles.In(folder) : [],
                    WithDefect = parsed.GetValue(defect),
                },
                Console.Out).Run();
            return findings.Count == 0 ? 0 : 1;
        });
        return command.Parse(args).Invoke();
    }
}
