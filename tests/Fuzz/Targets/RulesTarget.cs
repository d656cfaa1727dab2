using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Mono.Cecil.Cil;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Scan;

namespace Picket.Fuzz.Targets;

/// <summary>
/// The loader of Sigma rules and what becomes of them. An input is a file of rules: what is wrong must have a place in it, and what loads must
/// say the same of events in the engine and in the full scan.
/// </summary>
internal sealed class RulesTarget : IFuzzTarget
{
    private const int Variations = 3;
    private const int MostItems = 300;
    private const int MostFields = 40;
    private const int LongestValue = 200;

    private static readonly EventSource Source = new("fuzz", "", null, 0);

    private static readonly SigmaLoadOptions Options = new()
    {
        Placeholders = new Dictionary<string, IReadOnlyList<string>> { ["p"] = ["one", "t?o*"] },
        RegexTimeLimit = TimeSpan.FromSeconds(2),

        // Blocks are counted for one thread.
        Threads = 1,
    };

    public string Name => "rules";

    public IReadOnlyList<Assembly> Assemblies => [typeof(SigmaRuleSet).Assembly, typeof(EventBatch).Assembly];

    public IReadOnlyList<string> Extensions => [".yml", ".yaml"];

    public IEnumerable<byte[]> Seeds => RuleSeeds.All;

    public Vocabulary Vocabulary => RuleSeeds.Vocabulary;

    public long MaxAllocation => 512L << 20;

    /// <summary>Who takes a file apart throws at a document that begins behind the fortieth line.</summary>
    public PlantedDefect Defect { get; } = new("Picket.Detection.Sigma.Parsing.DocumentSplitter", "Add", (method, start) =>
    [
        .. ((int[])[28, 32, 36, 40]).SelectMany(line => (Instruction[])
        [
            Instruction.Create(OpCodes.Ldarg, method.Parameters.Single(parameter => parameter.Name == "firstLine")),
            Instruction.Create(OpCodes.Ldc_I4, line),
            Instruction.Create(OpCodes.Blt, start),
        ]),
    ]);

    public string? Check(byte[] input)
    {
        using var names = new NameTables();
        var text = Encoding.UTF8.GetString(input);
        var set = SigmaRuleSet.Parse(text, "fuzz.yml", Options);
        if (RulePlaces.Check(text, set) is { } fault) return fault;
        var syntaxes = set.Rules.Select(rule => rule.Syntax).ToList();
        var items = syntaxes.SelectMany(rule => rule.Selections).SelectMany(selection => selection.Alternatives).SelectMany(group => group.Items).ToList();
        if (items.Sum(item => item.Values.Count) > MostItems) return null;
        var engine = SigmaEngine.Build(set.Rules);
        if (engine.Rules.Count == 0) return null;
        var twin = new FullScan();
        for (var variation = 0; variation < Variations; variation++)
        {
            foreach (var rule in syntaxes)
            {
                if (Compare(engine, twin, syntaxes, Event(rule, variation)) is { } difference) return difference;
            }
        }

        return null;
    }

    private static string? Compare(SigmaEngine engine, FullScan twin, List<RuleSyntax> syntaxes, EventBatch batch)
    {
        var sink = new Sink();
        engine.Evaluate(batch.View(0), sink);
        if (sink.Failure is RegexMatchTimeoutException) return null;
        if (sink.Failure is not null) return $"failure: {sink.Failure}";
        List<SigmaRule> expected;
        try
        {
            expected = twin.Matches(syntaxes, batch.View(0)).ConvertAll(index => engine.Rules[index]);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }

        if (expected.SequenceEqual(sink.Matches)) return null;
        return $"matches: {string.Join(' ', sink.Matches.Select(rule => rule.Line))}, and the twin says {string.Join(' ', expected.Select(rule => rule.Line))} of {Told(batch)}";
    }

    /// <summary>An event with values that a rule asks for, as they are, in other letters, and with something around them.</summary>
    private static EventBatch Event(RuleSyntax rule, int variation)
    {
        var batch = new EventBatch(1, 32 * 1024);
        batch.Begin(Source, null);
        batch.Add(EventKind.Unknown);
        var fields = 0;
        foreach (var item in rule.Selections.SelectMany(selection => selection.Alternatives[variation % selection.Alternatives.Count].Items))
        {
            if (++fields > MostFields) break;
            var value = item.Values[variation % item.Values.Count];
            var id = item.Field is null ? FieldId.Unnamed : FieldTable.Intern(item.Field);
            var isLong = variation == 2 && value.Kind == RuleValueKind.Text;
            var text = value.Text.Replace("*", "", StringComparison.Ordinal);
            if (text.Length > LongestValue) text = text[..LongestValue];
            if (value.Kind == RuleValueKind.Null) batch.AddField(id, FieldKind.Null, 0, 0);
            else batch.AddText(id, Encoding.UTF8.GetBytes(isLong ? $"/x {text}." : variation == 1 ? text.ToUpperInvariant() : text));
        }

        return batch;
    }

    private static string Told(EventBatch batch)
    {
        var text = new StringBuilder();
        foreach (ref readonly var entry in batch.View(0).Entries)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{FieldTable.NameOf(entry.Id)}={Encoding.UTF8.GetString(batch.View(0).ValueOf(entry).Text)}; ");
        return text.ToString();
    }

    private sealed class Sink : ISigmaSink
    {
        public List<SigmaRule> Matches { get; } = [];

        public Exception? Failure { get; private set; }

        public void OnMatch(SigmaRule rule, in EventView view) => Matches.Add(rule);

        public void OnFailure(SigmaRule rule, in EventView view, Exception failure) => Failure = Failure is null or RegexMatchTimeoutException ? failure : Failure;

        public void OnDisabled(SigmaRule rule, int failures, TimeSpan within)
        {
        }
    }
}
