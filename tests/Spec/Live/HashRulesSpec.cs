using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;
using Picket.Detection.Context.Hashing;

namespace Picket.Spec.Live;

/// <summary>Rules on the hashes of what is executed, on a whole node: once at each execution, whenever the hash is known.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class HashRulesSpec : IDisposable
{
    private const string HashId = "2f5c8e0a-93b1-4a0e-8a3d-5b7c9d1e2f31";
    private const string FilterId = "2f5c8e0a-93b1-4a0e-8a3d-5b7c9d1e2f32";
    private const string EndId = "2f5c8e0a-93b1-4a0e-8a3d-5b7c9d1e2f33";
    private const string PlainId = "2f5c8e0a-93b1-4a0e-8a3d-5b7c9d1e2f34";

    private readonly string _folder = TestFolder.Make("hashrules");
    private readonly byte[] _program;

    public HashRulesSpec()
    {
        var path = Path.Combine(_folder, "program");
        Ebpf.Probe.WriteStatic(path);
        _program = [.. File.ReadAllBytes(path), .. RandomNumberGenerator.GetBytes(16)];
    }

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public async Task A_rule_on_a_hash_fires_once_at_the_first_execution_and_once_at_a_later_one()
    {
        await using var node = await LiveNode.StartAsync(Rules(), null, "self.ledger-interval=100ms");
        var (name, pids) = (Put(node, "known"), new List<int>());

        pids.Add(node.Run(name));
        var first = await node.AlertAsync(HashId, pids[0]);
        AssertHashes(first.GetProperty("process").GetProperty("hash"));
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(_program)), first.GetProperty("related").GetProperty("hash").EnumerateArray().Select(hash => hash.GetString()));
        Assert.Equal(node.Tool(name), first.GetProperty("process").GetProperty("executable").GetString());

        // As long as the file is new, each execution stands for itself.
        JsonElement later;
        do
        {
            pids.Add(node.Run(name));
            later = await node.AlertAsync(HashId, pids[^1]);
        }
        while (Flags(later).Contains("hashes_late"));
        Assert.DoesNotContain("hashes_unsure", Flags(later));
        AssertHashes(later.GetProperty("process").GetProperty("hash"));

        // Of the same process, and of rules that ask for no hash.
        var end = await node.AlertAsync(EndId, pids[^1]);
        AssertHashes(end.GetProperty("process").GetProperty("hash"));
        AssertHashes((await node.AlertAsync(PlainId, pids[^1])).GetProperty("process").GetProperty("hash"));
        Assert.True(await node.StopAsync());
        foreach (var pid in pids)
        {
            foreach (var rule in (string[])[HashId, EndId, PlainId]) Assert.Single(node.Alerts(), alert => LiveNode.IsOf(alert, rule, pid));
            Assert.DoesNotContain(node.Alerts(), alert => LiveNode.IsOf(alert, FilterId, pid));
        }

        Assert.True(node.Host.Counters.Ledger.IsBalanced, "the ledger does not balance");
        Assert.DoesNotContain(node.Alerts(), alert => FaultRules.RuleOf(alert) is "picket.ledger-imbalance" or "picket.unhandled");
    }

    [Fact]
    public async Task A_rule_that_makes_an_exception_of_a_hash_is_asked_when_it_is_known_or_known_to_stay_away()
    {
        // A larger one than is hashed, one with another hash, and the one that is excepted.
        await using var node = await LiveNode.StartAsync(Rules(), null, "context.hashes.max-size=64KiB");
        var large = Put(node, "large/known", new byte[128 * 1024]);
        var other = Put(node, "other/known", [1]);
        var known = Put(node, "known");
        int[] pids = [node.Run(large), node.Run(other), node.Run(known)];
        await node.AlertAsync(FilterId, pids[0]);
        await node.AlertAsync(FilterId, pids[1]);
        await node.AlertAsync(HashId, pids[2]);
        Assert.True(await node.StopAsync());
        Assert.DoesNotContain(node.Alerts(), alert => LiveNode.IsOf(alert, FilterId, pids[2]));
        Assert.Single(node.Alerts(), alert => LiveNode.IsOf(alert, FilterId, pids[1]));
        Assert.True(node.Host.Counters.Context.Hashes!.Stage.LeftBy((int)HashOutcome.TooLarge) >= 1);
    }

    [Fact]
    public async Task Executables_are_not_hashed_where_that_is_switched_off_and_rules_are_asked_at_once()
    {
        await using var node = await LiveNode.StartAsync(Rules(), null, "context.hashes.enabled=false");
        var pid = node.Run(Put(node, "known"));
        var alert = await node.AlertAsync(FilterId, pid);
        Assert.False(alert.GetProperty("process").TryGetProperty("hash", out _));
        Assert.Null(node.Host.Counters.Context.Hashes);
    }

    private static string[] Flags(JsonElement alert) =>
        alert.GetProperty("picket").TryGetProperty("flags", out var flags) ? [.. flags.EnumerateArray().Select(flag => flag.GetString()!)] : [];

    private void AssertHashes(JsonElement hash)
    {
        Assert.Equal(Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, _program)), hash.GetProperty("md5").GetString());
        Assert.Equal(Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.SHA1, _program)), hash.GetProperty("sha1").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_program)), hash.GetProperty("sha256").GetString());
    }

    private string Put(LiveNode node, string name, byte[]? more = null)
    {
        var path = node.Tool(name);
        File.WriteAllBytes(path, [.. _program, .. more ?? []]);
        return name;
    }

    private string Rules()
    {
        var sha256 = Convert.ToHexString(SHA256.HashData(_program));
        var file = Path.Combine(_folder, "rules.yml");
        File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $$"""
            title: A known file
            id: {{HashId}}
            level: high
            logsource: { product: linux, category: process_creation }
            detection:
              a: { Hashes|contains: 'SHA256={{sha256}}' }
              b: { sha256: '{{sha256.ToLowerInvariant()}}', md5|re: '^[0-9A-F]{32}$', sha1|exists: true }
              condition: a and b
            ---
            title: Any other file of that name
            id: {{FilterId}}
            level: low
            logsource: { product: linux, category: process_creation }
            detection:
              a: { Image|startswith: /tmp/picket-live-, Image|endswith: /known }
              b: { Hashes|contains: 'SHA256={{sha256}}' }
              condition: a and not b
            ---
            title: Its end
            id: {{EndId}}
            level: low
            logsource: { product: linux, category: process_termination }
            detection:
              a: { Image|startswith: /tmp/picket-live-, Image|endswith: /known }
              condition: a
            ---
            title: Its beginning
            id: {{PlainId}}
            level: low
            logsource: { product: linux, category: process_creation }
            detection:
              a: { Image|startswith: /tmp/picket-live-, Image|endswith: /known }
              condition: a
            """));
        return file;
    }
}
