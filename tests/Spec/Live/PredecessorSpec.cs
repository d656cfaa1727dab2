using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Picket.Node.Locks;
using Picket.Spec.Cli;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>What a dying process still holds is waited for; what a living one holds is refused at once.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class PredecessorSpec : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Probe _probe = new();

    public void Dispose() => _probe.Dispose();

    [Theory]
    [InlineData("pins")]
    [InlineData("alert file")]
    [InlineData("data folder")]
    [InlineData("store")]
    public async Task A_start_waits_for_the_end_of_who_was_killed_and_says_so(string what)
    {
        await using var node = new RunningNode();
        using (var mortal = Mortal.Take(_probe.Folder, Lock(node, what)))
        {
            mortal.Kill();
            node.Launch();
            await UntilAsync(() => node.Said.Length > 0, "the word of the wait");
            Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"picket: waits for process {mortal.Pid} to end"), node.Said, StringComparison.Ordinal);
        }

        await node.WatchingAsync();
        var end = await node.EndAsync(RunningNode.SigInt);
        Assert.Equal((0, 1), (end.Code, end.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    [Fact]
    public async Task A_start_that_waits_is_stopped_by_a_signal()
    {
        await using var node = new RunningNode();
        using var mortal = Mortal.Take(_probe.Folder, Lock(node, "pins"));
        mortal.Kill();
        node.Launch();
        await UntilAsync(() => node.Said.Length > 0, "the word of the wait");
        var end = await node.EndAsync(RunningNode.SigTerm);
        Assert.Equal((0, ""), (end.Code, end.Out));
    }

    [Theory]
    [InlineData("pins", 3, "another sensor uses ")]
    [InlineData("alert file", 2, "another node writes its alerts to this file")]
    [InlineData("data folder", 2, "is in use by another process")]
    public async Task A_holder_that_lives_is_refused_without_a_wait(string what, int code, string words)
    {
        await using var node = new RunningNode();
        using var mortal = Mortal.Take(_probe.Folder, Lock(node, what));
        var clock = Stopwatch.StartNew();
        var refused = await Cli.Cli.RunAsync(node.Arguments());
        TestContext.Current.TestOutputHelper!.WriteLine($"refused after {clock.Elapsed.TotalMilliseconds:0} ms: {refused.Error}");
        refused.IsRefused(code, words);
        Assert.DoesNotContain("waits", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_shows_who_holds_it_and_whether_he_ends()
    {
        var file = Path.Combine(_probe.Folder, "lock");
        File.WriteAllText(file, "");
        Assert.Equal(default, FileLocks.Look([file, file + ".none"]));
        using (var mortal = Mortal.Take(_probe.Folder, file))
        {
            Assert.Equal(new LockSight(LockHolding.Living, file, mortal.Pid), FileLocks.Look([file]));
            mortal.Kill();
            Assert.Equal(new LockSight(LockHolding.Ending, file, mortal.Pid), FileLocks.Look([file]));
            var other = Path.Combine(_probe.Folder, "other");
            File.WriteAllText(other, "");
            using var living = Mortal.Take(Directory.CreateDirectory(Path.Combine(_probe.Folder, "living")).FullName, other);
            Assert.Equal(living.Pid, FileLocks.Look([file, other]).Pid);
        }

        SpinWait.SpinUntil(() => FileLocks.Look([file]) == default, Limit);
        Assert.Equal(default, FileLocks.Look([file]));
        Assert.Equal(LockHolding.Living, EndingProcess.Look(Environment.ProcessId));
        Assert.Equal(LockHolding.Unknown, EndingProcess.Look(0));
        Assert.Equal(LockHolding.Unknown, EndingProcess.Look(int.MaxValue));
    }

    [Fact]
    public void A_lock_that_its_taker_left_to_another_is_held_by_nobody_known()
    {
        var file = Path.Combine(_probe.Folder, "lock");
        File.WriteAllText(file, "");
        using var shell = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", "exec 9< lock; flock -n 9 && echo held; read"])
            { WorkingDirectory = _probe.Folder, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("held", shell.StandardOutput.ReadLine());
        Assert.Equal((LockHolding.Unknown, file), (FileLocks.Look([file]).Holding, FileLocks.Look([file]).Path));
        shell.StandardInput.Close();
        shell.WaitForExit();
        Assert.Equal(default, FileLocks.Look([file]));
    }

    /// <summary>The file or folder that stands for a lock of the node, made.</summary>
    private static string Lock(RunningNode node, string what)
    {
        var path = what switch
        {
            "pins" => node.Pins,
            "alert file" => node.AlertsFile + ".lock",
            "data folder" => Path.Combine(node.Folder, "state", "outbox", "lock"),
            _ => Path.Combine(node.Folder, "state", "store.db.lock"),
        };
        Directory.CreateDirectory(what == "pins" ? path : Path.GetDirectoryName(path)!);
        if (what != "pins") File.WriteAllText(path, "");
        return path;
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!condition())
        {
            Assert.True(clock.Elapsed < Limit, $"waited {Limit.TotalSeconds} s for {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
