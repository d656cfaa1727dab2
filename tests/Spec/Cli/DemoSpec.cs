using System.Diagnostics;
using System.Runtime.Versioning;
using Picket.Node.Demo;
using Picket.Spec.Ebpf;
using Picket.Spec.Live;

namespace Picket.Spec.Cli;

/// <summary><c>picket demo</c>: its status depends on the alerts that really came.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class DemoSpec : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("picket-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_demo_passes_with_the_bundled_rules()
    {
        _ = KernelObjects.Require("/sys/fs/bpf/picket-demo");
        var result = await Cli.RunAsync("demo", "--config", Cli.Config);
        result.IsDone();
        Assert.Contains($"demo: all {DemoStory.Steps.Count} expected alerts came", result.Out);
        Assert.Contains("the ledger balances", result.Out);
        LeavesNothing(result);
    }

    [Fact]
    public async Task The_demo_fails_when_a_rule_of_its_story_is_gone()
    {
        _ = KernelObjects.Require("/sys/fs/bpf/picket-demo");
        var rules = Path.Combine(_folder, "rules", "sigma");
        Directory.CreateDirectory(rules);
        File.Copy(Cli.Config, Path.Combine(_folder, "picket.conf"));
        var gone = DemoStory.Steps[^1].RuleId;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Corpora.Root, "config", "rules", "sigma")))
        {
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            if (!text.Contains(gone, StringComparison.Ordinal)) await File.WriteAllTextAsync(Path.Combine(rules, Path.GetFileName(file)), text, TestContext.Current.CancellationToken);
        }

        var result = await Cli.RunAsync("demo", "--config", Path.Combine(_folder, "picket.conf"));
        Assert.True(result.Code == 1, $"status {result.Code}\n{result.Out}\n{result.Error}");
        Assert.Contains($"missing: rule {gone}", result.Out);
        Assert.Contains($"demo: 1 of {DemoStory.Steps.Count} expected alerts did not come", result.Out);
        LeavesNothing(result);
    }

    [Fact]
    public async Task Without_the_privileges_the_demo_says_what_is_missing()
    {
        _ = KernelObjects.Require("/sys/fs/bpf/picket-demo");
        var result = await Cli.RunPowerlessAsync("demo", "--config", Cli.Config);
        result.IsRefused(3, "the right to load BPF programs");
        LeavesNothing(result);
    }

    [Theory]
    [InlineData("/node")]
    [InlineData("The story")]
    public async Task An_interrupted_demo_ends_its_node_and_takes_everything_away(string at)
    {
        _ = KernelObjects.Require("/sys/fs/bpf/picket-demo");
        var start = new ProcessStartInfo(Cli.Program, ["demo", "--config", Cli.Config]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TMPDIR"] = _folder;
        using var demo = Process.Start(start)!;
        var error = demo.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await demo.StandardOutput.ReadLineAsync(timeout.Token) is { } line && !line.StartsWith(at, StringComparison.Ordinal)) ;
        Assert.Contains(Nodes(), node => node.Contains(_folder, StringComparison.Ordinal));
        Signals.Interrupt(demo.Id);
        await demo.StandardOutput.ReadToEndAsync(timeout.Token);
        await demo.WaitForExitAsync(timeout.Token);
        var result = new CliResult(demo.Id, demo.ExitCode, "", await error);
        Assert.Equal((1, "picket: the demo was interrupted\n"), (result.Code, result.Error));
        LeavesNothing(result);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        Assert.DoesNotContain(Nodes(), node => node.Contains(_folder, StringComparison.Ordinal));
    }

    /// <summary>The command lines of everything that was started by this program's name.</summary>
    private static IEnumerable<string> Nodes() => Process.GetProcessesByName("picket").Select(process =>
    {
        using (process)
        {
            var file = $"/proc/{process.Id}/cmdline";
            return File.Exists(file) ? File.ReadAllText(file) : "";
        }
    });

    private static void LeavesNothing(CliResult result) => Assert.False(Directory.Exists($"/sys/fs/bpf/picket-demo-{result.Pid}"));
}
