using System.Runtime.Versioning;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>Files that come to a watched place, or go from it, by another way than an open, and by a folder's other name.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class FileArrivalSpec : IDisposable
{
    private static readonly string[] Categories = ["file_event", "file_rename", "file_link", "file_symlink", "file_delete"];

    private readonly Probe _probe = new();

    public void Dispose() => _probe.Dispose();

    [Fact]
    public async Task Renames_links_and_deletes_by_a_linked_folder_alert_each_rule_once()
    {
        var watched = Directory.CreateDirectory(Path.Combine(_probe.Folder, "etc", "cron.d")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(_probe.Folder, "l"), watched);
        foreach (var name in new[] { "e", "x", "y" }) await File.WriteAllTextAsync(Path.Combine(_probe.Folder, name), "text", TestContext.Current.CancellationToken);
        var program = CProgram.Compile("files", _probe.Folder, "-pthread");
        await using var node = await LiveNode.StartAsync(Rules(watched));
        var deeds = new (string[] Words, string[] Alerts)[]
        {
            (["renameat2", ".", "x", ".", $"{_probe.Folder}/l/x", "0"], ["file_event", "file_rename"]),
            (["linkat", ".", "y", ".", "l/y"], ["file_event", "file_link"]),
            (["symlinkat", "y", ".", "l/z"], ["file_event", "file_symlink"]),
            (["unlinkat", ".", "l/x"], ["file_delete"]),
            (["open", "wc", "l/w"], ["file_event"]),
            (["renameat2", ".", "l/y", ".", "y2", "0"], []),

            // The other name's file arrives: its event is the second of the two.
            (["renameat2", ".", "l/w", ".", "e", "2"], ["file_event", "file_rename"]),

            // The link is so new that the kernel must do more than look into its memory.
            (["symlinkat", "etc/cron.d", ".", "new", "renameat2", ".", "y2", ".", "new/q", "0"], ["file_event", "file_rename"]),
        };
        var pids = new List<int>();
        foreach (var (words, _) in deeds) pids.Add(Spawn.Run(program, ["files", .. words], null, _probe.Folder));
        await node.AlertAsync("file_event", pids[^1]);
        Assert.True(await node.StopAsync(), "not all that was under way arrived");
        Assert.Equal((0L, 0L), (node.Host.Counters.Lost, node.Host.Counters.Failed));
        var alerts = node.Alerts();
        for (var i = 0; i < deeds.Length; i++)
        {
            Assert.Equal((i, string.Join(' ', deeds[i].Alerts)),
                (i, string.Join(' ', Categories.SelectMany(rule => alerts.Where(alert => LiveNode.IsOf(alert, rule, pids[i])).Select(_ => rule)))));
        }

        var renamed = alerts.Single(alert => LiveNode.IsOf(alert, "file_event", pids[0]));
        Assert.Equal(watched + "/x", renamed.GetProperty("file").GetProperty("path").GetString());
        Assert.Equal("rename", renamed.GetProperty("event").GetProperty("action").GetString());
        Assert.Equal("resolved", renamed.GetProperty("picket").GetProperty("file").GetProperty("path_source").GetString());
        Assert.Empty(alerts.SelectMany(EcsList.Strangers).Distinct());
    }

    private string Rules(string watched)
    {
        var rules = Directory.CreateDirectory(Path.Combine(_probe.Folder, "rules")).FullName;
        foreach (var category in Categories)
        {
            File.WriteAllText(Path.Combine(rules, category + ".yml"), $"""
                title: {category}
                name: {category}
                logsource:
                  product: linux
                  category: {category}
                detection:
                  selection:
                    TargetFilename|startswith: {watched}/
                  condition: selection
                level: high

                """);
        }

        return rules;
    }
}
