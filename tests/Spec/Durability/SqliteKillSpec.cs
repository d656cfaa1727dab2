using System.Runtime.Versioning;
using Picket.Spec.Live;

namespace Picket.Spec.Durability;

/// <summary>A process that persists over SQLite is killed, and the power fails with it.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class SqliteKillSpec(ITestOutputHelper output)
{
    [Fact]
    public async Task What_actors_acknowledged_is_there_after_the_power_failed()
    {
        using var target = new SqliteTarget(new PlatterOptions(TearOneIn: 50, SyncMicroseconds: 200));
        var fault = await KillRun.RunAsync(target, output);
        Assert.True(fault is null, fault);
    }

    [Fact]
    public async Task What_a_store_acknowledged_is_there_after_the_power_failed()
    {
        using var target = new SqliteTarget(new PlatterOptions(TearOneIn: 50, SyncMicroseconds: 200), "--direct");
        var fault = await KillRun.RunAsync(target, output);
        Assert.True(fault is null, fault);
    }

    [Fact]
    public async Task A_disk_that_only_says_that_it_synced_is_found_out()
    {
        using var target = new SqliteTarget(new PlatterOptions(SyncLies: true), "--direct");
        Assert.StartsWith("LOST", await KillRun.RunAsync(target, output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_syncs_only_at_checkpoints_is_found_out()
    {
        using var target = new SqliteTarget(new PlatterOptions(), "--direct", "--normal");
        Assert.StartsWith("LOST", await KillRun.RunAsync(target, output), StringComparison.Ordinal);
    }
}
