using System.Runtime.Versioning;
using Picket.Spec.Live;

namespace Picket.Spec.Durability;

/// <summary>A process that persists over SQLite is killed, and the power fails with it.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class SqliteKillSpec(ITestOutputHelper output)
{
    private const int Ids = 16;
    private static readonly bool Long = Environment.GetEnvironmentVariable("PICKET_LONG") == "1";
    private static readonly int Events = Long ? 100_000 : 16_000;
    private static readonly int Kills = Long ? 50 : 8;

    [Fact]
    public async Task What_actors_acknowledged_is_there_after_the_power_failed()
    {
        using var target = new SqliteTarget(new PlatterOptions(TearOneIn: 50, SyncMicroseconds: 200));
        var fault = await RunAsync(target);
        Assert.True(fault is null, fault);
    }

    [Fact]
    public async Task What_a_store_acknowledged_is_there_after_the_power_failed()
    {
        using var target = new SqliteTarget(new PlatterOptions(TearOneIn: 50, SyncMicroseconds: 200), "--direct");
        var fault = await RunAsync(target);
        Assert.True(fault is null, fault);
    }

    [Fact]
    public async Task A_disk_that_only_says_that_it_synced_is_found_out()
    {
        using var target = new SqliteTarget(new PlatterOptions(SyncLies: true), "--direct");
        Assert.StartsWith("LOST", await RunAsync(target), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_syncs_only_at_checkpoints_is_found_out()
    {
        using var target = new SqliteTarget(new PlatterOptions(), "--direct", "--normal");
        Assert.StartsWith("LOST", await RunAsync(target), StringComparison.Ordinal);
    }

    private async Task<string?> RunAsync(SqliteTarget target)
    {
        var run = new KillRun(target, Events, Ids, Kills, Random.Shared.Next());
        var fault = await run.RunAsync(TestContext.Current.CancellationToken);
        output.WriteLine(run.ToString());
        return fault;
    }
}
