using System.Runtime.Versioning;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>A storm of short processes, some of which match, against a whole node; 20,000 of them in the long form.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class StormSpec : IDisposable
{
    private static readonly int Processes = Environment.GetEnvironmentVariable("PICKET_LONG") == "1" ? 20_000 : 3_000;

    private readonly string _rules = Write(Match);

    public void Dispose() => Directory.Delete(_rules, true);

    [Fact]
    public async Task Every_matching_process_of_a_storm_has_its_alert_and_the_ledger_balances()
    {
        await using var node = await LiveNode.StartAsync(_rules, null, "self.ledger-interval=1s");
        var seen = node.Host.Counters.Seen;
        var allocated = GC.GetTotalAllocatedBytes();
        using var load = new Load(node.Folder, Processes);
        Assert.Equal(Processes, load.Wait());
        var perProcess = (GC.GetTotalAllocatedBytes() - allocated) / Processes;
        TestContext.Current.TestOutputHelper!.WriteLine($"{perProcess} bytes allocated for each process, a tenth of them with an alert");
        Assert.InRange(perProcess, 0, 32 * 1024);
        Assert.True(await node.StopAsync(), $"not drained: {string.Join(", ", node.Host.Counters.Ledger.Missing)}");
        var counters = node.Host.Counters;
        Assert.True(counters.Ledger.IsBalanced, string.Join('\n', counters.Ledger.Last.Values));
        Assert.True(counters.Seen - seen >= 3 * Processes, $"{Processes} processes made {counters.Seen - seen} events");
        Assert.Equal(0, counters.Failed + counters.Dropped + counters.Malformed);
        Assert.Equal(0, node.Host.Ebpf!.Pool.Outstanding);

        // Where the machine could not keep up, the loss is said by kind, and nothing else is missing.
        var said = node.Alerts().Where(alert => RuleOf(alert) == "picket.loss").Sum(alert => NoticeOf(alert).GetProperty("lost").GetInt64());
        Assert.Equal(counters.Lost, said);
        var numbers = node.Alerts().Select(NumberOf).OfType<int>().ToList();
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        Assert.InRange(numbers.Count, (Processes / 10) - said, Processes / 10);
    }
}
