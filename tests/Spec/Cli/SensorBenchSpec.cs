using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Spec.Bench;
using Picket.Spec.Ebpf;
using Picket.Spec.Live;

namespace Picket.Spec.Cli;

/// <summary><c>picket bench sensors</c> in a form of seconds: that all is accounted for, not how fast it is.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class SensorBenchSpec
{
    [Fact]
    public async Task Each_operation_of_the_generator_is_in_Picket_s_export_or_counted_as_lost()
    {
        BenchTools.Require();
        _ = KernelObjects.Require(null);
        var result = await Cli.RunAsync("bench", "sensors", "--json", "--rounds", "0", "--seconds", "1", "--idle", "0", "--only", "picket");
        result.IsDone();
        using var document = JsonDocument.Parse(result.Out);
        var root = document.RootElement;
        var accounts = root.GetProperty("accounts").EnumerateArray().ToList();
        Assert.Contains(accounts, account => account.GetProperty("event").GetString() == "process_creation");
        Assert.All(accounts, account =>
        {
            Assert.True(Number(account, "done") > 0, account.ToString());
            Assert.Equal(Number(account, "done"), Number(account, "seen") + Number(account, "lost"));
            Assert.Equal((0, 0), (Number(account, "unaccounted"), Number(account, "wrong")));
        });
        Assert.Equal(0, Number(root, "unbalanced_runs"));
        Assert.Equal(["paced", "full"], root.GetProperty("latency").EnumerateArray().Select(row => row.GetProperty("load").GetString()));
        Assert.All(root.GetProperty("latency").EnumerateArray(), row => Assert.True(row.GetProperty("p50_ms").GetDouble() > 0, row.ToString()));
    }

    [Fact]
    public async Task A_reader_in_C_sees_every_event_that_was_made()
    {
        BenchTools.Require();
        _ = KernelObjects.Require(null);
        var result = await Cli.RunAsync("bench", "sensors", "--json", "--rounds", "1", "--percent", "2", "--kind", "exec", "--only", "c-");
        result.IsDone();
        using var document = JsonDocument.Parse(result.Out);
        var rows = document.RootElement.GetProperty("storms").EnumerateArray().ToList();
        Assert.Equal(["alone", "c-count-wake", "c-count-drain", "c-json-wake", "c-json-drain"], rows.Select(row => row.GetProperty("contender").GetString()));
        Assert.All(rows.Skip(1), row =>
        {
            // Other processes of the machine are seen, too.
            Assert.InRange(Number(row, "events_seen") + Number(row.GetProperty("lost"), "full"), Number(row, "events_made"), int.MaxValue);
            Assert.True(row.GetProperty("slowdown").GetProperty("median").GetDouble() > 0);
        });
    }

    [Theory]
    [InlineData("--rounds -1: from 0 to 1000", "--rounds", "-1")]
    [InlineData("--kind sleep: one of exec, file, tcp, dns", "--kind", "sleep")]
    [InlineData("--idle -1", "--idle", "-1")]
    [InlineData("--settle 3601", "--settle", "3601")]
    public async Task Wrong_options_are_status_2_and_a_line_that_says_what(string says, params string[] options) =>
        (await Cli.RunAsync(["bench", "sensors", .. options])).IsRefused(2, says);

    private static int Number(JsonElement row, string name) => row.GetProperty(name).GetInt32();
}
