using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>Rules for the categories of the privilege concern, in a whole node: what they see of both processes, and what alerts say.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class PrivilegeRulesSpec : IDisposable
{
    private static readonly (string Category, string[] Items)[] Rules =
    [
        ("setid", ["NewUid: 3001", "OldUser: root"]),
        ("process_access", ["Request: PTRACE_ATTACH", "TargetImage|endswith: /privilege", "SourceImage|endswith: /privilege"]),
        ("kill", ["Signal: SIGUSR1", "TargetUser: '3001'", "TargetImage|endswith: /privilege"]),
        ("driver_load", ["Parameters: second=2", "Result|startswith: E"]),
        ("mount", ["MountSource: picket-new", "MountType: tmpfs"]),
        ("memfd_create", ["TargetFilename: picket-later", "User: '3002'"]),
        ("system_call", ["SystemCall: sysinfo"]),
        ("process_creation", ["Provenance: memfd"]),
        ("bpf", ["ObjectName: picket_spec"]),
        ("unshare", ["Namespaces|contains: mnt"]),
        ("prctl", ["OldName: privilege", "Request: PR_SET_NAME"]),
        ("pivot_root", ["SystemCall: chroot"]),
        ("umount", ["Flags: MNT_DETACH"]),
        ("setns", ["Namespaces: uts"]),
        ("capset", ["NewCapEffective: '0000000000002000'"]),
    ];

    private readonly Probe _probe = new();
    private readonly string _program;
    private readonly string _rules;

    public PrivilegeRulesSpec()
    {
        _program = CProgram.Compile("privilege", _probe.Folder, "-pthread");
        _rules = Path.Combine(_probe.Folder, "rules");
        Directory.CreateDirectory(_rules);
        foreach (var (category, items) in Rules)
        {
            File.WriteAllLines(Path.Combine(_rules, $"{category}.yml"),
            [
                $"title: {category}", $"name: {category}", "logsource:", "    product: linux", $"    category: {category}", "detection:", "    selection:",
                .. items.Select(item => $"        {item}"), "    condition: selection", "level: high",
            ]);
        }
    }

    public void Dispose() => _probe.Dispose();

    [Fact]
    public async Task Each_category_fires_and_the_alert_names_what_was_done_and_to_whom()
    {
        await using var node = await LiveNode.StartAsync(_rules);
        var found = new Dictionary<string, JsonElement>
        {
            ["setid"] = await Fires(node, "setid", "setid"),
            ["process_access"] = await Fires(node, "process_access", "trace"),
            ["kill"] = await Fires(node, "kill", "signals"),
            ["driver_load"] = await Fires(node, "driver_load", "modules", _probe.Folder),
            ["memfd_create"] = await Fires(node, "memfd_create", "setid", "memfd"),
            ["system_call"] = await Fires(node, "system_call", "others"),
            ["process_creation"] = await Fires(node, "process_creation", "memfd-exec", "/bin/true"),
            ["bpf"] = await Fires(node, "bpf", "bpf"),
            ["prctl"] = await Fires(node, "prctl", "names"),
            ["setns"] = await Fires(node, "setns", "namespaces"),
            ["capset"] = await Fires(node, "capset", "capset"),
            ["mount"] = await Fires(node, "mount", "mounts", _probe.Folder),
        };
        var mounted = found["mount"].GetProperty("process").GetProperty("pid").GetInt32();
        foreach (var category in (string[])["unshare", "umount", "pivot_root"])
            found[category] = await node.AlertAsync(alert => LiveNode.IsOf(alert, category, mounted), category);
        Assert.Equal(Rules.Length, found.Count);
        Assert.True(await node.StopAsync(), "not all that was under way arrived");

        var user = found["setid"].GetProperty("user");
        Assert.Equal(("0", "root", "3001"), (Text(user, "id"), Text(user, "name"), Text(user, "changes", "id")));
        Assert.False(user.GetProperty("changes").TryGetProperty("group", out _), "this call changed no group");
        Assert.Equal("change setid", $"{found["setid"].GetProperty("event").GetProperty("type")[0]} {Text(found["setid"], "event", "action")}");
        var target = found["process_access"].GetProperty("picket").GetProperty("target");
        Assert.EndsWith("/privilege", Text(target, "executable"), StringComparison.Ordinal);
        Assert.NotEqual(Text(found["process_access"], "process", "entity_id"), Text(target, "entity_id"));
        Assert.Equal("3001", Text(found["kill"], "picket", "target", "user"));
        Assert.Equal("second=2", Text(found["driver_load"], "picket", "call", "parameters"));
        Assert.Equal("3002", Text(found["memfd_create"], "process", "user", "id"));
        Assert.Equal("memfd", Text(found["process_creation"], "picket", "executed_from"));
        foreach (var (category, alert) in found) Assert.True(EcsList.Strangers(alert).Count == 0, $"{category}: {string.Join(' ', EcsList.Strangers(alert))}");
    }

    [Fact]
    public async Task A_signal_to_the_node_is_an_alert_though_no_rule_asks_for_signals()
    {
        var rules = Path.Combine(_probe.Folder, "none");
        Directory.CreateDirectory(rules);
        File.Copy(Path.Combine(_rules, "bpf.yml"), Path.Combine(rules, "bpf.yml"));
        await using var node = await LiveNode.StartAsync(rules);
        var (pid, code) = _probe.Shell($"kill -URG {Environment.ProcessId}");
        Assert.Equal(0, code);
        var alert = await node.AlertAsync(alert => Text(alert, "rule", "id") == "picket.sensor-touched", "the alert of the signal");
        var notice = alert.GetProperty("picket").GetProperty("notice");
        Assert.Equal((pid, "kill", "SIGURG"), (notice.GetProperty("by_pid").GetInt32(), Text(notice, "kind"), Text(notice, "detail")));
        Assert.Contains("/bash", Text(notice, "by"), StringComparison.Ordinal);
    }

    private async Task<JsonElement> Fires(LiveNode node, string rule, params string[] arguments)
    {
        var (pid, code) = _probe.Run(_program, arguments);
        Assert.Equal(0, code);
        return await node.AlertAsync(alert => LiveNode.IsOf(alert, rule, pid), $"{rule} on {pid}");
    }

    private static string? Text(JsonElement element, params IEnumerable<string> path)
    {
        foreach (var name in path) element = element.GetProperty(name);
        return element.GetString();
    }
}
