using System.Text;
using System.Text.Json;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Sensors.Evtx;
using Picket.Sensors.Replay;
using Picket.Sensors.Replay.Json;
using Picket.Spec.Sigma;

namespace Picket.Spec.Replay;

/// <summary>
/// The whole of SigmaHQ's rules over recordings that are there twice, as event log and as JSON: a record is the same event, so that the same
/// rules fire, at the same time, on fields of the same values.
/// </summary>
public sealed class SameEventsSpec
{
    /// <summary>One recording's JSON was made by another tool, which writes nine digits of a second, and its letters were changed by hand.</summary>
    private const string OfAnotherTool = "ad691d92-15f2-4181-9aa4-723c74f9ddc3";

    private static readonly HashSet<string> AsksFor = new(StringComparer.Ordinal);

    [Fact]
    public void A_record_fires_the_same_rules_from_an_event_log_and_from_JSON()
    {
        var folder = Corpora.Require("sigma-regression");
        var engine = SigmaEngine.Build(CorpusLoadSpec.LoadActive().Rules);
        AsksFor.UnionWith(engine.Interest.Fields);
        var different = new List<string>();
        int records = 0, matches = 0, trimmed = 0, cases = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, "expected.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var (evtx, json) = (document.RootElement.GetProperty("evtx").GetString()!, document.RootElement.GetProperty("json").GetString()!);
            var logged = Read(engine, new EvtxReader(File.OpenRead(Path.Combine(folder, evtx)), evtx, Fail));
            var written = Read(engine, new JsonRecordReader(File.OpenRead(Path.Combine(folder, json)), json, Fail));
            cases++;
            if (logged.Count != written.Count) different.Add($"{json}: {written.Count} records, the event log has {logged.Count}");
            foreach (var (record, (left, right)) in logged.Zip(written).Index())
            {
                records++;
                matches += left.Fired.Count;
                if (!left.Fields.SequenceEqual(right.Fields)) trimmed++;
                if (Difference(left, right, json.Contains(OfAnotherTool, StringComparison.Ordinal)) is { } difference) different.Add($"{json}, record {record + 1}: {difference}");
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{records} records, {matches} matches, {trimmed} records without blanks that the event log has");
        Assert.True(different.Count == 0, $"{different.Count} differ:\n{string.Join('\n', different)}");
        Assert.Equal((128, 158), (cases, records));
        Assert.InRange(matches, records, int.MaxValue);
        Assert.InRange(trimmed, 1, records / 2);
    }

    private static string? Difference(Seen logged, Seen written, bool byAnotherTool)
    {
        if (!logged.Fired.SequenceEqual(written.Fired)) return $"fires\n  {string.Join("; ", logged.Fired)}\nand from JSON\n  {string.Join("; ", written.Fired)}";
        if (logged.Route != written.Route) return $"is {logged.Route}, and from JSON {written.Route}";

        // Where the event itself does not say it, JSON has the time of the log in microseconds, the log in ten times as many digits.
        if (logged.TimeNs / 1000 != written.TimeNs / 1000) return $"is of {logged.TimeNs}, and from JSON of {written.TimeNs}";
        if (byAnotherTool) return null;

        // SigmaHQ's JSON has no blanks at the end of values.
        var (left, right) = (logged.Fields.Select(field => field.TrimEnd()), written.Fields.Select(field => field.TrimEnd()));
        return left.SequenceEqual(right) ? null : $"has\n  {string.Join("\n  ", left.Except(right))}\nand from JSON\n  {string.Join("\n  ", right.Except(left))}";
    }

    private static void Fail(MalformedRecord malformed) => Assert.Fail(malformed.ToString());

    private static List<Seen> Read(SigmaEngine engine, IRecordReader reader)
    {
        var seen = new List<Seen>();
        var batch = new EventBatch(64, 256 * 1024);
        using (reader)
        {
            while (reader.Fill(batch, null))
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    var sink = new RecordingSink();
                    engine.Evaluate(batch.View(i), sink);
                    Assert.Empty(sink.Failures);
                    seen.Add(Seen.Of(batch.View(i), sink));
                }

                batch.LetGo();
            }
        }

        return seen;
    }

    private sealed record Seen(List<string> Fired, List<string> Fields, string Route, ulong TimeNs)
    {
        public static Seen Of(in EventView view, RecordingSink sink)
        {
            var fields = new List<string>();
            foreach (ref readonly var entry in view.Entries)
            {
                var name = FieldTable.NameOf(entry.Id);
                if (AsksFor.Contains(name)) fields.Add($"{name}: {Encoding.UTF8.GetString(view.ValueOf(entry).Text)}");
            }

            var route = view.Record.Route;
            return new Seen(
                [.. sink.Matches.Select(rule => rule.ToString())],
                [.. fields.Order(StringComparer.Ordinal)],
                $"{EventRouteTable.NameOf(route.Product)}/{EventRouteTable.NameOf(route.Category)}/{EventRouteTable.NameOf(route.Service)}",
                view.Record.TimeNs);
        }
    }
}
