using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Scan;

namespace Picket.Spec.Sigma.Pipelines;

/// <summary>Rules behind pipelines that are written to a folder of their own.</summary>
internal sealed class Piped : IDisposable
{
    private readonly string _folder = TestFolder.Make("pipelines");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A pipeline's file with these steps, the list's elements from its first column.</summary>
    public string Steps(string steps) => File($"name: p\ntransformations:\n{steps}\n");

    public string File(string text)
    {
        var file = Path.Combine(_folder, $"p{Directory.GetFiles(_folder).Length}.yml");
        System.IO.File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Loads the rules of a text, which need not be sound.</summary>
    public static SigmaRuleSet Load(string rules, params string[] pipelines) =>
        SigmaRuleSet.Parse(rules, "r.yml", new SigmaLoadOptions { Pipelines = pipelines });

    /// <summary>A rule with one detection, behind steps; sound.</summary>
    public SigmaRuleSet Rule(string detection, string steps, string extra = "")
    {
        var set = Load(SigmaText.Rule(detection, "id: 7f1c3b6e-7d1c-4a0e-9f51-0d5c7f6f0001\n" + extra), Steps(steps));
        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        return set;
    }

    /// <summary>Whether a rule of the set matches, which engine and twin agree on.</summary>
    public static bool On(SigmaRuleSet set, params (string Field, string? Value)[] fields) => On(set, SigmaEvents.Of(fields));

    /// <summary>The same for the first record of a batch.</summary>
    public static bool On(SigmaRuleSet set, EventBatch batch)
    {
        var sink = new RecordingSink();
        SigmaEngine.Build(set.Rules).Evaluate(batch.View(0), sink);
        Assert.Empty(sink.Failures);
        var twin = new FullScan().Matches([.. set.Rules.Select(rule => rule.Syntax)], batch.View(0));
        Assert.Equal(twin.Select(index => set.Rules[index]).DistinctBy(rule => rule.Original), sink.Matches);
        return sink.Matches.Count > 0;
    }
}
