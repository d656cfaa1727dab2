using System.Diagnostics;
using System.Runtime.Versioning;
using Npgsql;
using Picket.Spec.Durability;

namespace Picket.Spec;

[SupportedOSPlatform("linux")]
public sealed class TestFolderSpec
{
    [Fact]
    public void What_a_dead_process_left_is_cleared_up_and_what_a_living_one_has_is_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are told apart by /proc");
        using var process = Process.Start("sleep", "60");
        var owner = TestFolder.OwnerOf(process.Id);
        var words = owner.Split('-');
        string theirs = TestFolder.Make("sweep", owner), ours = TestFolder.Make("sweep");
        // A successor with the same number is another process; one of another namespace cannot be looked for.
        var stale = TestFolder.Make("sweep", $"{words[0]}-{words[1]}-1");
        var foreign = TestFolder.Make("sweep", "1-1-1");
        File.WriteAllText(Path.Combine(theirs, "file"), "left");
        try
        {
            TestFolder.Sweep();
            Assert.Equal([true, true, false, true], Exist());
            process.Kill();
            process.WaitForExit();
            TestFolder.Sweep();
            Assert.Equal([false, true, false, true], Exist());
        }
        finally
        {
            Directory.Delete(ours);
            Directory.Delete(foreign);
        }

        bool[] Exist() => [.. new[] { theirs, ours, stale, foreign }.Select(Directory.Exists)];
    }

    [Fact]
    public async Task A_server_and_a_disk_that_a_dead_process_left_are_gone_too()
    {
        using var process = Process.Start("sleep", "60");
        var owner = TestFolder.OwnerOf(process.Id);
        var server = PostgresServer.Start(TestFolder.Make("postgres", owner));
        await using var source = NpgsqlDataSource.Create(server.ConnectionString + ";Pooling=false");
        await using (var one = source.CreateCommand("SELECT 1")) Assert.Equal(1, await one.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        var disk = TestFolder.Make("disk", owner);
        if (Environment.IsPrivilegedProcess) Assert.True(TestDisk.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk), "mounted");

        process.Kill();
        process.WaitForExit();
        TestFolder.Sweep();
        Assert.False(Directory.Exists(disk), "the disk's folder is gone");
        await using var again = source.CreateCommand("SELECT 1");
        await Assert.ThrowsAsync<NpgsqlException>(() => again.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }
}
