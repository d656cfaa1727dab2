using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Picket.Detection.Sigma;

namespace Picket.Spec.Live;

/// <summary>What an alert on a real process says, against what the test knows of the process because it started it.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed partial class AlertContentSpec
{
    private const string PasswordHashes = "66726dca-a802-4af7-8ca5-6247937b3fdf";
    private const int RecordedBytes = 32 * 1024;

    [Fact]
    public async Task An_alert_says_who_did_what_where_and_why_it_matters()
    {
        await using var node = await LiveNode.StartAsync();
        var parent = Path.Combine(node.Folder, "nightly job");
        ParentProgram.Compile(parent);
        var tool = node.Tool("cat");
        string[] parentArgv = ["nightly job", "--quiet", "all of it"], argv = ["cat", "a b", "", "é ", "/etc/shadow"];
        var before = Now();
        var parentPid = Spawn.Run(parent, parentArgv, ParentProgram.EnvironmentFor(tool, argv), node.Folder);
        var alert = await node.AlertAsync(
            alert => Is(alert, "rule.id", PasswordHashes) && TryGet(alert, "process.parent.pid")?.GetInt32() == parentPid, "the alert on the started cat");
        var after = Now();

        var pid = Get(alert, "process.pid").GetInt32();
        Assert.NotEqual(parentPid, pid);
        Assert.Equal(tool, Text(alert, "process.executable"));
        Assert.Equal("cat", Text(alert, "process.name"));
        Assert.Equal(argv, Texts(alert, "process.args"));
        Assert.Equal(argv.Length, Get(alert, "process.args_count").GetInt32());
        Assert.Equal(string.Join(' ', argv), Text(alert, "process.command_line"));
        Assert.Equal(node.Folder, Text(alert, "process.working_directory"));
        Assert.Equal(pid, Get(alert, "process.vpid").GetInt32());
        Assert.False(TryGet(alert, "process.exit_code").HasValue);

        Assert.Equal(parent, Text(alert, "process.parent.executable"));
        Assert.Equal("nightly job", Text(alert, "process.parent.name"));
        Assert.Equal(parentArgv, Texts(alert, "process.parent.args"));
        Assert.Equal(string.Join(' ', parentArgv), Text(alert, "process.parent.command_line"));
        Assert.Equal(node.Folder, Text(alert, "process.parent.working_directory"));
        Assert.Equal("0", Text(alert, "process.parent.user.id"));

        var boot = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", TestContext.Current.CancellationToken)).Trim();
        Assert.Equal(boot, Text(alert, "host.boot.id"));
        var prefix = boot.Replace("-", "", StringComparison.Ordinal);
        Assert.Matches($"^{prefix}-{pid}-[1-9][0-9]+$", Text(alert, "process.entity_id"));
        Assert.Matches($"^{prefix}-{parentPid}-[1-9][0-9]+$", Text(alert, "process.parent.entity_id"));

        var ancestry = Get(alert, "picket.ancestry").EnumerateArray().ToList();
        Assert.Equal(Text(alert, "process.parent.entity_id"), Text(ancestry[0], "entity_id"));
        Assert.Equal(Environment.ProcessId, Get(ancestry[1], "pid").GetInt32());
        Assert.Equal(Environment.ProcessPath, Text(ancestry[1], "executable"));
        Assert.Equal(ancestry.Count, ancestry.Select(one => Text(one, "entity_id")).Distinct().Count());

        Assert.Equal("0", Text(alert, "process.user.id"));
        Assert.Equal(("0", "root"), (Text(alert, "user.id"), Text(alert, "user.name")));
        Assert.Equal(["root"], Texts(alert, "related.user"));
        Assert.Equal(Environment.MachineName, Text(alert, "host.name"));
        Assert.Equal(["process"], Texts(alert, "event.category"));
        Assert.Equal(["start"], Texts(alert, "event.type"));
        Assert.Equal(("alert", "exec", "process_creation", "ebpf"),
            (Text(alert, "event.kind"), Text(alert, "event.action"), Text(alert, "event.code"), Text(alert, "event.module")));

        // The clock of the wall and that of the boot are read one after the other; a few milliseconds may lie between.
        var slack = TimeSpan.FromMilliseconds(50);
        var start = Get(alert, "process.start").GetDateTimeOffset();
        var stamp = Get(alert, "@timestamp").GetDateTimeOffset();
        var created = Get(alert, "event.created").GetDateTimeOffset();
        Assert.InRange(Get(alert, "process.parent.start").GetDateTimeOffset(), before - slack, start);
        Assert.InRange(stamp, start, created);
        Assert.InRange(created, stamp, Get(alert, "event.ingested").GetDateTimeOffset());
        Assert.InRange(Get(alert, "event.ingested").GetDateTimeOffset(), before, after + slack);
        Assert.Equal((long)(created - stamp).TotalMilliseconds, Get(alert, "picket.late_ms").GetInt64());

        var rule = SigmaRuleSet.Load([Text(alert, "picket.rule.file")], new SigmaLoadOptions()).Rules.Single(rule => rule.Id == PasswordHashes).Alert;
        Assert.Equal(rule.Name, Text(alert, "rule.name"));
        Assert.Equal(rule.Description, Text(alert, "rule.description"));
        Assert.Equal([rule.Author!], Texts(alert, "rule.author"));
        Assert.Equal(rule.License, Text(alert, "rule.license"));
        Assert.Equal(rule.ContentHash, Text(alert, "rule.version"));
        Assert.Equal(rule.References, Texts(alert, "picket.rule.references"));
        Assert.Equal(["TA0006"], Texts(alert, "threat.tactic.id"));
        Assert.Equal(["T1003"], Texts(alert, "threat.technique.id"));
        Assert.Equal(["T1003.007", "T1003.008"], Texts(alert, "threat.technique.subtechnique.id"));
        Assert.Equal("high", Text(alert, "picket.level"));
        Assert.Equal(0, Get(alert, "picket.lost").GetInt64());

        var matches = Get(alert, "picket.matches").EnumerateArray().Select(match => (Text(match, "selection"), Text(match, "field"), Text(match, "value")));
        Assert.Equal(
            [("selection_reader", "Argv0", "cat"), ("selection_reader", "Image", tool), ("selection_target_shadow", "CommandLine", string.Join(' ', argv))],
            matches.Order());
        Assert.DoesNotContain('\n', Text(alert, "message"));
        Assert.Contains($"nightly job > cat | pid {pid}", Text(alert, "message"));
    }

    [Fact]
    public async Task Every_field_of_a_live_alert_is_one_of_ECS()
    {
        _ = EcsList.Fields;
        await using var node = await LiveNode.StartAsync();
        var program = Path.Combine(node.Folder, "cron");
        ParentProgram.Compile(program);
        string[] environment = ["LD_PRELOAD=/dev/shm/x.so", "SSH_CONNECTION=203.0.113.1 22 203.0.113.2 22", .. ParentProgram.EnvironmentFor(node.Tool("cat"), ["cat", "/etc/shadow"])];
        var parent = Spawn.Run(program, ["cat", "/etc/shadow"], environment, node.Folder);
        var child = await node.AlertAsync(alert => Is(alert, "rule.id", PasswordHashes) && TryGet(alert, "process.parent.pid")?.GetInt32() == parent, "the alert on the child");

        // Another engine has the parent: what it says may come behind the child's.
        Assert.True(SpinWait.SpinUntil(() => OfParent().Count >= 2, TimeSpan.FromSeconds(20)), "waited for both alerts on the parent");
        List<JsonElement> alerts = [.. OfParent(), child];
        Assert.Contains(alerts, alert => TryGet(alert, "process.env_vars").HasValue);
        Assert.All(alerts, alert => Assert.Empty(EcsList.Strangers(alert)));

        List<JsonElement> OfParent() => [.. node.Alerts().Where(alert => TryGet(alert, "process.pid")?.GetInt32() == parent)];
    }

    [Fact]
    public async Task Many_arguments_keep_their_ends_and_what_is_cut_is_named()
    {
        await using var node = await LiveNode.StartAsync();
        string[] fits = ["cat", "/etc/shadow", .. Numbered(500, 61)];
        string[] tooLong = ["cat", "/etc/shadow", .. Numbered(1000, 98)];
        string[] tooMany = ["cat", "/etc/shadow", .. Numbered(3000, 5)];
        Assert.InRange(BytesOf(fits), 30_000, RecordedBytes);
        Assert.True(BytesOf(tooLong) > 3 * RecordedBytes && BytesOf(tooMany) < RecordedBytes);
        int[] pids = [.. new[] { fits, tooLong, tooMany }.Select(argv => node.Run("cat", argv[1..]))];

        var whole = await node.AlertAsync(PasswordHashes, pids[0]);
        Assert.Equal(fits, Texts(whole, "process.args"));
        Assert.Equal(fits.Length, Get(whole, "process.args_count").GetInt32());
        Assert.Equal(string.Join(' ', fits), Text(whole, "process.command_line"));
        Assert.Equal("", TryGet(whole, "picket.truncated")?.ToString() ?? "");
        Assert.Equal("", TryGet(whole, "picket.flags")?.ToString() ?? "");

        var cut = await node.AlertAsync(PasswordHashes, pids[1]);
        var kept = Texts(cut, "process.args").ToList();
        Assert.Equal(tooLong[..(kept.Count - 1)], kept[..^1]);
        Assert.StartsWith(kept[^1], tooLong[kept.Count - 1], StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(Text(cut, "process.command_line")), RecordedBytes - 1, RecordedBytes);
        Assert.Contains("arguments_truncated", Texts(cut, "picket.flags"));

        var few = await node.AlertAsync(PasswordHashes, pids[2]);
        Assert.Equal(tooMany[..1024], Texts(few, "process.args"));
        Assert.Equal(tooMany.Length, Get(few, "process.args_count").GetInt32());
        Assert.Equal(string.Join(' ', tooMany), Text(few, "process.command_line"));
        Assert.Contains("process.args", Texts(few, "picket.truncated"));
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_stand_beside_their_base64_twin()
    {
        await using var node = await LiveNode.StartAsync();
        byte[] strange = [(byte)'f', 0xFF, 0xFE, (byte)'g', (byte)'\n', 0x1B];
        var pid = Spawn.Run(node.Tool("cat"), ["cat"u8.ToArray(), "/etc/shadow"u8.ToArray(), strange], [], node.Folder);
        var alert = await node.AlertAsync(PasswordHashes, pid);
        Assert.Equal(["cat", "/etc/shadow", "f\uFFFD\uFFFDg\n\u001B"], Texts(alert, "process.args"));
        Assert.Equal("cat /etc/shadow f\uFFFD\uFFFDg\n\u001B", Text(alert, "process.command_line"));
        var twins = Get(alert, "picket.bytes").EnumerateObject().ToDictionary(twin => twin.Name, twin => twin.Value.GetBytesFromBase64());
        Assert.Equal([.. "cat /etc/shadow "u8, .. strange], twins["process.command_line"]);
        Assert.Equal(strange, Assert.Single(twins, twin => ArgumentPath().IsMatch(twin.Key)).Value);

        // The readable line goes to terminals.
        Assert.DoesNotContain(Text(alert, "message"), char.IsControl);
    }

    [GeneratedRegex(@"^process\.args\W")]
    private static partial Regex ArgumentPath();

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();

    private static IEnumerable<string> Numbered(int count, int length) =>
        Enumerable.Range(0, count).Select(index => index.ToString(CultureInfo.InvariantCulture).PadRight(length, index % 2 == 0 ? ' ' : '-'));

    private static int BytesOf(string[] argv) => argv.Sum(argument => argument.Length + 1);

    private static bool Is(JsonElement alert, string path, string value) => TryGet(alert, path) is { } found && found.GetString() == value;

    private static JsonElement? TryGet(JsonElement at, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (!at.TryGetProperty(name, out at)) return null;
        }

        return at;
    }

    private static JsonElement Get(JsonElement at, string path) => TryGet(at, path) ?? throw new KeyNotFoundException($"{path} in {at}");

    private static string Text(JsonElement at, string path) => Get(at, path).GetString()!;

    private static IEnumerable<string> Texts(JsonElement at, string path) => Get(at, path).EnumerateArray().Select(item => item.GetString()!);
}
