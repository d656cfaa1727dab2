using System.Text;
using Picket.Detection.Events;
using Picket.Detection.Sigma;

namespace Picket.Spec.Sigma;

/// <summary>An execution that waits for its hashes is two events, and each rule sees one of them.</summary>
public sealed class HashPartsSpec
{
    private const string AtOnce = "plain,plain-any", ByHashes = "hashes,hashes-not,hashes-any";

    private static readonly SigmaEngine Engine = Build();

    [Theory]
    [InlineData(EventFlags.None, true, AtOnce + "," + "hashes,hashes-any")]
    [InlineData(EventFlags.None, false, AtOnce + "," + "hashes-not")]
    [InlineData(EventFlags.HashesAwaited, false, AtOnce)]
    [InlineData(EventFlags.HashesLate, true, "hashes,hashes-any")]
    [InlineData(EventFlags.HashesLate, false, "hashes-not")]
    [InlineData(EventFlags.HashesLate | EventFlags.Script, true, "hashes,hashes-any")]
    public void An_execution(EventFlags flags, bool known, string fired) =>
        Assert.Equal(Sorted(fired), Fired(EventKind.ProcessCreation, "process_creation", flags, known));

    [Theory]
    [InlineData(EventKind.ProcessTermination, "process_termination", "plain-any,hashes-any")]
    [InlineData(EventKind.FileCreate, "file_event", "plain-any,hashes-any")]
    public void Any_other_event(EventKind kind, string category, string fired) => Assert.Equal(Sorted(fired), Fired(kind, category, EventFlags.None, true));

    [Fact]
    public void Every_rule_is_asked_once_by_the_two_events_together()
    {
        string[] both = [.. Fired(EventKind.ProcessCreation, "process_creation", EventFlags.HashesAwaited, false), .. Fired(EventKind.ProcessCreation, "process_creation", EventFlags.HashesLate, true)];
        Assert.Equal(Fired(EventKind.ProcessCreation, "process_creation", EventFlags.None, true), both.Order());
        Assert.Equal(ByHashes.Split(',').Order(), Engine.Rules.Where(rule => rule.IsByHashes).Select(rule => rule.Title).Order());
    }

    private static string[] Sorted(string names) => [.. names.Split(',').Order()];

    private static string[] Fired(EventKind kind, string category, EventFlags flags, bool known)
    {
        var batch = new EventBatch(1, 1024);
        batch.Begin(new EventSource("ebpf", "boot", null, 0), null);
        ref var record = ref batch.Add(kind);
        record.Route = EventRouteTable.Route("linux", category, null);
        record.Flags = flags;
        batch.AddText(Fields.Image, "/bin/x"u8);
        if (known) batch.AddText(Fields.Hashes, Encoding.ASCII.GetBytes("MD5=AB,SHA256=CD"));
        var sink = new RecordingSink();
        Engine.Evaluate(batch.View(0), sink);
        return [.. sink.Matches.Select(rule => rule.Title).Order()];
    }

    private static SigmaEngine Build()
    {
        (string Title, string Source, string Condition)[] rules =
        [
            ("plain", "product: linux, category: process_creation", "image"), ("plain-any", "product: linux", "image"),
            ("hashes", "product: linux, category: process_creation", "image and hash"), ("hashes-not", "product: linux, category: process_creation", "image and not hash"),
            ("hashes-any", "product: linux", "image and hash"),
        ];
        var folder = TestFolder.Make("hashparts");
        foreach (var (title, source, condition) in rules)
        {
            var hash = title[0] == 'h' ? "  hash: {Hashes|contains: 'SHA256=cd'}\n" : "";
            File.WriteAllText(Path.Combine(folder, title + ".yml"),
                $"title: {title}\nlogsource: {{{source}}}\ndetection:\n  image: {{Image: /bin/x}}\n{hash}  condition: {condition}\n");
        }

        var set = SigmaRuleSet.Load([folder]);
        Directory.Delete(folder, true);
        Assert.Empty(set.Errors);
        return SigmaEngine.Build(set.Rules);
    }
}
