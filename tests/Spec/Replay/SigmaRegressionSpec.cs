using System.Text.Json;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Sensors.Evtx;
using Picket.Sensors.Replay;
using Picket.Sensors.Replay.Json;
using Picket.Spec.Sigma;

namespace Picket.Spec.Replay;

/// <summary>The rules for which SigmaHQ keeps recorded events that they must find.</summary>
public sealed class SigmaRegressionSpec
{
    [Theory]
    [InlineData("json")]
    [InlineData("evtx")]
    public void Each_rule_fires_on_its_own_recording(string form)
    {
        var folder = Corpora.Require("sigma-regression");
        var rules = Corpora.Require("sigma-rules");
        var silent = new List<string>();
        var cases = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, "expected.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var test = document.RootElement;
            var path = test.GetProperty("rule_path").GetString()!;
            var set = SigmaRuleSet.Load([Path.Combine(rules, path)]);
            Assert.Empty(set.Errors);
            var rule = Assert.Single(set.Rules);
            Assert.Equal(test.GetProperty("rule_id").GetString(), rule.Id);
            var wanted = test.GetProperty("match_count") is { ValueKind: JsonValueKind.Number } count ? count.GetInt32() : 1;
            var matches = Matches(rule, Path.Combine(folder, test.GetProperty(form).GetString()!));
            if (matches < wanted) silent.Add($"{path}: {matches} of {wanted}");
            cases++;
        }

        Assert.Empty(silent);
        Assert.Equal(128, cases);
    }

    private static int Matches(SigmaRule rule, string file)
    {
        using IRecordReader reader = Path.GetExtension(file) == ".evtx"
            ? new EvtxReader(File.OpenRead(file), file, malformed => Assert.Fail(malformed.ToString()))
            : new JsonRecordReader(File.OpenRead(file), file, malformed => Assert.Fail(malformed.ToString()));
        var engine = SigmaEngine.Build([rule]);
        var sink = new RecordingSink();
        var batch = new EventBatch(64, 256 * 1024);
        while (reader.Fill(batch, null))
        {
            for (var i = 0; i < batch.Count; i++) engine.Evaluate(batch.View(i), sink);
            batch.LetGo();
        }

        Assert.Empty(sink.Failures);
        Assert.InRange(reader.Records, 1, 1000);
        return sink.Matches.Count;
    }
}
