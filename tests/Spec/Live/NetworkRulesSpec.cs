using System.Runtime.Versioning;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>Rules on connections and name queries, from the kernel's packet to the alert's fields.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class NetworkRulesSpec
{
    private const string Port = "dbfc7c98-04ab-4ab7-aa94-c74d22aa7376";
    private const string ByName = "11111111-0000-4000-8000-000000000001", ByResult = "11111111-0000-4000-8000-000000000002";
    private const string NotByStatus = "11111111-0000-4000-8000-000000000003";

    [Fact]
    public async Task The_rules_of_others_on_connections_alert_each_on_its_own_process()
    {
        var folder = Path.Combine(Corpora.Require("sigma-rules"), "rules", "linux", "network_connection");
        await using var node = await LiveNode.StartAsync(folder);
        var names = CProgram.Compile("names", node.Folder);
        string[] asked = ["pool.minexmr.com", "box.localto.net", "x.tunnel.us.ngrok.com"];
        var expected = new List<(string Rule, int Pid)>();
        for (var i = 0; i < asked.Length; i++)
            expected.Add((RuleOf(folder, asked[i]), PrivateNetwork.Run($"{names} visit 127.0.0.1 {5000 + i} {asked[i]}")["client"]));
        expected.Add((RuleOf(folder, "4444"), PrivateNetwork.Run($"{names} visit 127.0.0.1 4444 harmless.test")["client"]));
        var net = CProgram.Compile("net", node.Folder);
        expected.Add((RuleOf(folder, "/bin/bash"), PrivateNetwork.Run($"""
            {net} serve {PrivateNetwork.Four} 6000 > {node.Folder}/said &
            until grep -q server {node.Folder}/said; do :; done
            /bin/bash -c 'echo "shell $$"; exec 3<>/dev/tcp/{PrivateNetwork.Four}/6000'
            wait
            """)["shell"]));
        Assert.Equal(5, expected.Select(pair => pair.Rule).Distinct().Count());
        foreach (var (rule, pid) in expected)
        {
            var alert = await node.AlertAsync(rule, pid);
            Assert.Empty(EcsList.Strangers(alert));
            Assert.Equal(PrivateNetwork.Four, alert.GetProperty("destination").GetProperty("ip").GetString());
        }
    }

    [Fact]
    public async Task An_alert_on_a_connection_says_its_ends_and_the_name_that_was_asked_for()
    {
        await using var node = await LiveNode.StartAsync(Rules(out var folder));
        using var _ = folder;
        var names = CProgram.Compile("names", node.Folder);
        var pid = PrivateNetwork.Run($"{names} visit 127.0.0.1 4444 Www.Harmless.test")["client"];
        var alert = await node.AlertAsync(Port, pid);
        Assert.Empty(EcsList.Strangers(alert));
        Assert.Equal("""["network"] ["connection","start"] "connected" "success" """.Trim(),
            string.Join(' ', new[] { "category", "type", "action", "outcome" }.Select(name => alert.GetProperty("event").GetProperty(name).GetRawText())));
        Assert.Equal("""{"transport":"tcp","type":"ipv4","direction":"egress"}""", alert.GetProperty("network").GetRawText());
        Assert.Equal("""{"ip":"203.0.113.5","address":"203.0.113.5","port":4444,"domain":"www.harmless.test"}""", alert.GetProperty("destination").GetRawText());
        Assert.Equal("203.0.113.5", alert.GetProperty("source").GetProperty("ip").GetString());
        Assert.Contains("www.harmless.test", alert.GetProperty("related").GetProperty("hosts").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(Path.Combine(node.Folder, "names"), alert.GetProperty("process").GetProperty("executable").GetString());
    }

    [Fact]
    public async Task A_look_up_alerts_once_by_its_name_and_once_by_its_answer()
    {
        await using var node = await LiveNode.StartAsync(Rules(out var folder));
        using var _ = folder;
        var names = CProgram.Compile("names", node.Folder);
        var pid = PrivateNetwork.Run($"{names} visit 127.0.0.1 4445 c2.evil.test")["client"];
        var byName = await node.AlertAsync(ByName, pid);
        var byResult = await node.AlertAsync(ByResult, pid);
        Assert.True(await node.StopAsync());
        Assert.Single(node.Alerts(), alert => LiveNode.IsOf(alert, ByName, pid));
        Assert.Single(node.Alerts(), alert => LiveNode.IsOf(alert, ByResult, pid));
        Assert.DoesNotContain(node.Alerts(), alert => LiveNode.IsOf(alert, NotByStatus, pid));
        Assert.Empty(EcsList.Strangers(byName));
        Assert.Empty(EcsList.Strangers(byResult));
        Assert.Equal("""{"type":"query","question":{"name":"c2.evil.test","type":"A"}}""", byName.GetProperty("dns").GetRawText());
        var dns = byResult.GetProperty("dns");
        Assert.Equal(("answer", "NOERROR"), (dns.GetProperty("type").GetString(), dns.GetProperty("response_code").GetString()));
        Assert.Equal("""[{"type":"CNAME","data":"alias.example.test"},{"type":"CNAME","data":"real.example.test"},{"type":"A","data":"203.0.113.5"}]""",
            dns.GetProperty("answers").GetRawText());
        Assert.Equal("""["203.0.113.5"]""", dns.GetProperty("resolved_ip").GetRawText());
        Assert.Equal("dns", byResult.GetProperty("network").GetProperty("protocol").GetString());
    }

    /// <summary>The id of the rule whose text names a value.</summary>
    private static string RuleOf(string folder, string value)
    {
        var text = Directory.GetFiles(folder).Select(File.ReadAllText).Single(text => text.Contains(value, StringComparison.Ordinal)
            || (value.Contains('.', StringComparison.Ordinal) && text.Contains(value[(value.IndexOf('.', StringComparison.Ordinal) + 1)..], StringComparison.Ordinal)));
        return text.Split('\n').First(line => line.StartsWith("id: ", StringComparison.Ordinal))[4..].Trim();
    }

    private static string Rules(out Probe folder)
    {
        folder = new Probe();
        Write(folder, Port, "network_connection", "DestinationPort: 4444\n    Initiated: 'true'\n    DestinationHostname: 'www.harmless.test'", "selection");
        Write(folder, ByName, "dns_query", "QueryName|endswith: '.evil.test'", "selection");
        Write(folder, ByResult, "dns_query", "QueryName|endswith: '.evil.test'\n    QueryResults|contains: '203.0.113.5;'", "selection");
        Write(folder, NotByStatus, "dns_query", "QueryStatus: 0", "not selection");
        return Path.Combine(folder.Folder, "rules");
    }

    private static void Write(Probe folder, string id, string category, string selection, string condition)
    {
        var rules = Directory.CreateDirectory(Path.Combine(folder.Folder, "rules")).FullName;
        File.WriteAllText(Path.Combine(rules, $"{id}.yml"), $"""
            title: {category}
            id: {id}
            status: test
            description: A test's own.
            level: high
            logsource:
              product: linux
              category: {category}
            detection:
              selection:
                {selection}
              condition: {condition}

            """);
    }
}
