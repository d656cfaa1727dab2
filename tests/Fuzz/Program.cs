using System.CommandLine;

namespace Picket.Fuzz;

/// <summary>Searches for inputs that break a reader: <c>Picket.Fuzz --target dns --minutes 10 --seed 1</c>.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        var target = new Option<string>("--target") { Description = "what to search", DefaultValueFactory = _ => FuzzTargets.All[0].Name };
        target.AcceptOnlyFromAmong([.. FuzzTargets.All.Select(each => each.Name)]);
        var minutes = new Option<double>("--minutes") { Description = "how long to search", DefaultValueFactory = _ => 1 };
        var executions = new Option<long>("--executions") { Description = "how many inputs to execute at most", DefaultValueFactory = _ => long.MaxValue };
        var seed = new Option<int>("--seed") { Description = "where the random numbers begin", DefaultValueFactory = _ => 1 };
        var corpus = new Option<string[]>("--corpus") { Description = "folders whose files to begin with too, those with the extensions of the target" };
        var defect = new Option<bool>("--planted") { Description = "search a target with a planted defect" };
        var command = new RootCommand("Searches for inputs that break a reader, led by the edges they take in it.")
        {
            target, minutes, executions, seed, corpus, defect,
        };
        command.SetAction(parsed =>
        {
            var searched = FuzzTargets.Find(parsed.GetValue(target)!);
            var findings = new FuzzSession(
                new FuzzOptions
                {
                    Target = searched,
                    Seed = parsed.GetValue(seed),
                    Time = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
                    Executions = parsed.GetValue(executions),
                    SeedFiles = [.. (parsed.GetValue(corpus) ?? []).SelectMany(folder => SeedFiles.In(folder, searched.Extensions))],
                    WithDefect = parsed.GetValue(defect),
                },
                Console.Out).Run();
            return findings.Count == 0 ? 0 : 1;
        });
        return command.Parse(args).Invoke();
    }
}
