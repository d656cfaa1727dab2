using System.Text;
using BenchmarkDotNet.Attributes;
using Picket.Detection.Events;
using Picket.Detection.Sigma;

namespace Picket.Bench.Parts;

/// <summary>The Sigma engine over process records that match nothing, beside the bundled rules and, where they are at hand, SigmaHQ's.</summary>
[MemoryDiagnoser]
public class SigmaBench : ISigmaSink
{
    private const int Records = 512;

    private readonly EventBatch _batch = new(Records, 256 * 1024);
    private SigmaEngine _engine = null!;

    /// <summary>Folder of the rules.</summary>
    [ParamsSource(nameof(RuleFolders))]
    public string Rules { get; set; } = "";

    public static IEnumerable<string> RuleFolders
    {
        get
        {
            var root = Root();
            yield return Path.Combine(root, "config", "rules", "sigma");
            var corpus = Path.GetFullPath(Path.Combine(root, "..", "shared", "corpora", "sigma-rules", "rules", "linux", "process_creation"));
            if (Directory.Exists(corpus)) yield return corpus;
        }
    }

    [GlobalSetup]
    public void Setup()
    {
        _engine = SigmaEngine.Build(SigmaRuleSet.Load([Rules]).Rules);
        _batch.Begin(new EventSource("bench", "", null, 0), null);
        for (var i = 0; i < Records; i++)
        {
            ref var record = ref _batch.Add(EventKind.ProcessCreation);
            record.Route = EventRouteTable.Route("linux", "process_creation", null);
            _batch.AddText(Fields.Image, Encoding.UTF8.GetBytes($"/usr/lib/service-{i}/bin/worker"));
            _batch.AddText(Fields.CommandLine, Encoding.UTF8.GetBytes($"worker --id {i} --queue tasks --log /var/log/worker-{i}.log"));
            _batch.AddText(Fields.CurrentDirectory, "/var/lib/worker"u8);
        }
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public void Evaluate()
    {
        for (var i = 0; i < Records; i++) _engine.Evaluate(_batch.View(i), this);
    }

    public void OnMatch(SigmaRule rule, in EventView view)
    {
    }

    public void OnFailure(SigmaRule rule, in EventView view, Exception failure) => throw failure;

    public void OnDisabled(SigmaRule rule, int failures, TimeSpan within)
    {
    }

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at!.FullName, "Actors.sln"))) at = at.Parent;
        return at.FullName;
    }
}
