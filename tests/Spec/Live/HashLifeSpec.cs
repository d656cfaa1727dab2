using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;
using Picket.Detection.Context.Hashing;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>Hashes where executables are many at once, lie in layers, or in memory alone.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class HashLifeSpec : IDisposable
{
    private const string AskId = "2f5c8e0a-93b1-4a0e-8a3d-5b7c9d1e2f41", PlainId = "2f5c8e0a-93b1-4a0e-8a3d-5b7c9d1e2f42";

    private readonly string _folder = TestFolder.Make("hashlife");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public async Task A_storm_of_new_programs_blocks_nothing_and_each_is_hashed_or_counted()
    {
        const int Programs = 300, Size = 64 * 1024;
        await using var node = await LiveNode.StartAsync(Rules("Image|contains: /storm/"), null, "self.ledger-interval=100ms", "context.hashes.max-waiting=16",
            "context.hashes.max-rate=2MiB");
        var hashes = new Dictionary<int, string>();
        var files = new List<(string Path, string Hash)>();
        for (var i = 0; i < Programs; i++)
        {
            var path = node.Tool($"storm/p{i}");
            byte[] content = [.. await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), .. RandomNumberGenerator.GetBytes(Size)];
            await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
            files.Add((path, Convert.ToHexStringLower(SHA256.HashData(content))));
        }

        foreach (var (path, hash) in files) hashes[Spawn.Run(path, [path])] = hash;
        Assert.Equal(Programs, hashes.Count);
        var last = hashes.Keys.Last();

        // What asks for no hash waits for none.
        await node.AlertAsync(PlainId, last);
        await node.AlertAsync(AskId, last);
        Assert.True(await node.StopAsync(), "not all that was under way arrived");
        var alerts = node.Alerts();
        var known = 0;
        foreach (var (pid, hash) in hashes)
        {
            foreach (var rule in new[] { AskId, PlainId }) Assert.Single(alerts, alert => LiveNode.IsOf(alert, rule, pid));
            if (Sha256(alerts.Single(alert => LiveNode.IsOf(alert, AskId, pid))) is not { } said) continue;
            Assert.Equal(hash, said);
            known++;
        }

        var stage = node.Host.Counters.Context.Hashes!.Stage;
        var decided = Enum.GetValues<HashOutcome>().Where(outcome => outcome != HashOutcome.Pending).ToDictionary(outcome => outcome, outcome => stage.LeftBy((int)outcome));
        var text = string.Join(' ', decided.Select(pair => $"{pair.Key} {pair.Value}"));
        Assert.Equal(stage.Entered, stage.Left);
        Assert.True(decided[HashOutcome.Busy] > 0 && decided[HashOutcome.Known] >= 16 && known is >= 16 and < Programs, $"{known} alerts have hashes; {text}");
        Assert.Equal(0, node.Host.Counters.Lost);
        Assert.True(node.Host.Counters.Ledger.IsBalanced, "the ledger does not balance");
        Assert.DoesNotContain(alerts, alert => FaultRules.RuleOf(alert) is "picket.ledger-imbalance" or "picket.unhandled" or "picket.hashing-stalled");
    }

    [Fact]
    public async Task A_program_of_a_layered_file_system_has_the_hash_of_what_is_seen_there()
    {
        await using var node = await LiveNode.StartAsync(Rules("Image|contains: /merged/"));
        var layers = Path.Combine(node.Folder, "layers");
        foreach (var name in new[] { "lower", "upper", "work", "merged" }) Directory.CreateDirectory(Path.Combine(layers, name));
        File.Copy("/bin/cat", Path.Combine(layers, "lower", "below"));
        File.Copy("/bin/cat", Path.Combine(layers, "lower", "above"));

        // In a mount namespace of its own, of which the node has nothing but the processes that live there.
        using var container = Process.Start(new ProcessStartInfo("unshare",
            ["-m", "bash", "-c", "mount -t overlay none -o lowerdir=lower,upperdir=upper,workdir=work merged || exit 77; printf more >> merged/above; cp merged/above merged/new; "
                + "for p in below above new; do merged/$p < /dev/null; echo; done; read end"])
            { WorkingDirectory = layers, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        for (var i = 0; i < 3; i++)
        {
            var line = container.StandardOutput.ReadLine();
            if (line is null) container.WaitForExit();
            Assert.SkipWhen(line is null && container.ExitCode == 77, "this kernel has no overlay over this file system");
        }

        var content = await File.ReadAllBytesAsync("/bin/cat", TestContext.Current.CancellationToken);
        var (below, above) = (Hex(content), Hex([.. content, .. "more"u8]));
        foreach (var (name, expected) in new[] { ("below", below), ("above", above), ("new", above) })
        {
            var alert = await node.AlertAsync(alert => FaultRules.RuleOf(alert) == AskId && Executable(alert) == Path.Combine(layers, "merged", name), name);
            Assert.Equal((name, expected), (name, Sha256(alert)));
        }

        container.StandardInput.WriteLine();
        container.WaitForExit();
        Assert.Equal(0, container.ExitCode);
    }

    [Fact]
    public async Task A_program_in_memory_alone_is_hashed_while_it_lives_and_counted_when_it_has_ended()
    {
        using var probe = new Probe();
        var program = CProgram.Compile("privilege", probe.Folder, "-pthread");
        await using var node = await LiveNode.StartAsync(Rules("Provenance: memfd"));
        using var living = Process.Start(new ProcessStartInfo(program, ["memfd-exec", "/bin/cat"]) { RedirectStandardInput = true })!;
        var alert = await node.AlertAsync(AskId, living.Id);
        Assert.Equal(Hex(await File.ReadAllBytesAsync("/bin/cat", TestContext.Current.CancellationToken)), Sha256(alert));
        Assert.Equal("memfd", alert.GetProperty("picket").GetProperty("executed_from").GetString());
        living.StandardInput.Close();
        living.WaitForExit();

        var stage = node.Host.Counters.Context.Hashes!.Stage;
        int pid;
        JsonElement ended;
        do
        {
            (pid, _) = probe.Run(program, ["memfd-exec", "/bin/true"]);
            ended = await node.AlertAsync(AskId, pid);
        }
        while (Sha256(ended) is not null);
        Assert.True(stage.LeftBy((int)HashOutcome.Gone) >= 1);
        Assert.True(await node.StopAsync(), "not all that was under way arrived");
        Assert.Single(node.Alerts(), one => LiveNode.IsOf(one, AskId, pid));
    }

    private static string Hex(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static string? Executable(JsonElement alert) => alert.GetProperty("process").GetProperty("executable").GetString();

    private static string? Sha256(JsonElement alert) =>
        alert.GetProperty("process").TryGetProperty("hash", out var hash) ? hash.GetProperty("sha256").GetString() : null;

    /// <summary>One rule that asks for hashes, and so waits for them, and one that does not.</summary>
    private string Rules(string item)
    {
        var file = Path.Combine(_folder, "rules.yml");
        File.WriteAllText(file, $$"""
            title: Not a known file
            id: {{AskId}}
            level: low
            logsource: { product: linux, category: process_creation }
            detection:
              a: { {{item}} }
              b: { Hashes|contains: 'SHA256=0000000000000000000000000000000000000000000000000000000000000000' }
              condition: a and not b
            ---
            title: Any file
            id: {{PlainId}}
            level: low
            logsource: { product: linux, category: process_creation }
            detection:
              a: { {{item}} }
              condition: a
            """);
        return file;
    }
}
