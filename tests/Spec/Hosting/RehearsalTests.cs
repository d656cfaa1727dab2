using Picket.Node.Hosting;
using Picket.Node.Options;

namespace Picket.Spec.Hosting;

public sealed class RehearsalTests
{
    [Fact]
    public async Task Its_alerts_reach_its_own_sinks_and_nothing_of_it_stays()
    {
        var folder = Directory.CreateTempSubdirectory("picket-spec-rehearsal-").FullName;
        try
        {
            var alerts = Path.Combine(folder, "alerts.ndjson");
            var options = NodeOptionsReader.Read(NodeConfig.Load(null, [$"node.data-dir={folder}/state", $"alerts.file.path={alerts}"]).Config);
            Assert.True(await Rehearsal.RunAsync(options));
            Assert.Equal([Path.Combine(folder, "state")], Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
