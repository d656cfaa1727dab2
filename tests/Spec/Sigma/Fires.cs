using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Scan;

namespace Picket.Spec.Sigma;

/// <summary>Asks the engine and its twin and insists that they say the same.</summary>
internal static class Fires
{
    public static SigmaRule Rule(string detection, SigmaLoadOptions? options = null)
    {
        var text = $"title: t\nid: 7f1c3b6e-7d1c-4a0e-9f51-0d5c7f6f0001\nlogsource:\n    product: test\ndetection:\n{Indent(detection)}";
        var set = SigmaRuleSet.Parse(text, "rule.yml", options);
        Assert.True(set.Errors.Count == 0, $"{string.Join("\n", set.Errors)}\n{text}");
        return Assert.Single(set.Rules);
    }

    /// <summary>A rule with one item; <paramref name="item"/> is <c>key: value</c> in YAML.</summary>
    public static SigmaRule Item(string item, SigmaLoadOptions? options = null) => Rule($"sel:\n{Indent(item)}\ncondition: sel", options);

    public static bool On(this SigmaRule rule, params (string Field, string? Value)[] fields) => rule.On(SigmaEvents.Of(fields));

    public static bool On(this SigmaRule rule, EventBatch batch)
    {
        var sink = new RecordingSink();
        SigmaEngine.Build([rule]).Evaluate(batch.View(0), sink);
        var twin = new FullScan().Matches(rule.Syntax, batch.View(0));
        Assert.True(sink.Failures.Count == 0, sink.Failures.Select(failure => failure.Failure.ToString()).FirstOrDefault());
        Assert.True(twin == sink.Matches.Count > 0, $"the twin says {twin}, the engine {!twin}");
        return twin;
    }

    private static string Indent(string text) => string.Join('\n', text.Split('\n').Select(line => "    " + line));
}
