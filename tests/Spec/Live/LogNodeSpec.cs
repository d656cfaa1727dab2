using System.Runtime.Versioning;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>A line that is written to a watched file makes a rule alert, on a whole node with and without the kernel's sensor.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class LogNodeSpec : IDisposable
{
    private const string NeedleId = "5b6de6d7-8d3a-4a0f-9f0b-6b7d5b1a9e01";
    private const string AuditId = "5b6de6d7-8d3a-4a0f-9f0b-6b7d5b1a9e02";

    private const string Rules = $$"""
        title: A Needle of sshd
        id: {{NeedleId}}
        status: test
        logsource: { product: linux, service: sshd }
        detection: { keywords: [needle], condition: keywords }
        level: high
        ---
        title: A Needle Executed
        id: {{AuditId}}
        status: test
        logsource: { product: linux, service: auditd }
        detection: { selection: { type: EXECVE, a1: needle }, condition: selection }
        level: high
        """;

    private readonly string _rules = Write(Rules);
    private readonly string _logs = TestFolder.Make("loglive");

    public void Dispose()
    {
        Directory.Delete(_rules, true);
        Directory.Delete(_logs, true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_line_makes_a_rule_alert(bool kernel)
    {
        await using var node = await StartAsync(kernel);
        await File.AppendAllTextAsync(Log("auth.log"), "Mar  3 15:30:25 web1 sshd[812]: a needle of auth\n", TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(Log("audit.log"), "type=EXECVE msg=audit(1481076992.414:385): argc=2 a0=\"x\" a1=\"needle\"\n", TestContext.Current.CancellationToken);

        var alert = await node.AlertAsync(alert => RuleOf(alert) == NeedleId, "the alert on the line");
        Assert.Equal("Mar  3 15:30:25 web1 sshd[812]: a needle of auth", alert.GetProperty("event").GetProperty("original").GetString());
        var log = alert.GetProperty("log");
        Assert.Equal(Log("auth.log"), log.GetProperty("file").GetProperty("path").GetString());
        Assert.Equal("sshd", log.GetProperty("syslog").GetProperty("appname").GetString());
        Assert.Equal("812", log.GetProperty("syslog").GetProperty("procid").GetString());
        Assert.Equal(Environment.MachineName, alert.GetProperty("host").GetProperty("hostname").GetString());
        Assert.False(alert.TryGetProperty("process", out _));
        var audit = await node.AlertAsync(alert => RuleOf(alert) == AuditId, "the alert on the audit record");
        Assert.Equal("2016-12-07T02:16:32.414000000Z", audit.GetProperty("@timestamp").GetString());
        Assert.Empty(EcsList.Strangers(alert));
        Assert.Empty(EcsList.Strangers(audit));

        Assert.True(await node.StopAsync(), "not all that was under way arrived");
        Assert.True(node.Host.Counters.Ledger.IsBalanced, "the ledger does not balance");
        Assert.Equal((2L, 2L, 0L), (node.Host.Logs!.Counts.Lines, node.Host.Logs.Edge.Taken, node.Host.Logs.Pool.Outstanding));
    }

    [Fact]
    public async Task Lines_written_up_to_the_stop_are_alerted_before_the_node_ends()
    {
        await using var node = await StartAsync(kernel: false);
        await File.AppendAllLinesAsync(Log("auth.log"), Enumerable.Range(0, 2000).Select(i => $"Mar  3 15:30:25 web1 sshd[812]: needle {i}"), TestContext.Current.CancellationToken);

        Assert.True(await node.StopAsync(), "not all that was under way arrived");
        Assert.Equal(2000, node.Alerts().Count(alert => RuleOf(alert) == NeedleId));
        Assert.Equal(2000, node.Host.Counters.SinksTaken);
    }

    private Task<LiveNode> StartAsync(bool kernel)
    {
        File.WriteAllText(Log("auth.log"), "Mar  3 15:30:24 web1 sshd[812]: an old needle\n");
        return LiveNode.StartAsync(_rules, null, $"sensors.ebpf.enabled={(kernel ? "true" : "false")}", "sensors.logs.journal=off", "self.ledger-interval=100ms",
            $"sensors.logs.files=[{{path=\"{Log("auth.log")}\",service=auth}},{{path=\"{Log("audit.log")}\",service=auditd}}]");
    }

    private string Log(string name) => Path.Combine(_logs, name);
}
