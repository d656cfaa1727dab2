using System.Text;
using Picket.Fuzz;
using Picket.Fuzz.Targets;

namespace Picket.Spec.Fuzz;

/// <summary>The search for inputs that break a target: short by default, ten minutes each with PICKET_LONG=1.</summary>
public sealed class FuzzSpec(ITestOutputHelper output)
{
    [Theory]
    [InlineData("hocon", 20_000, 300)]
    [InlineData("dns", 10_000, 150)]
    [InlineData("records", 10_000, 200)]
    [InlineData("logs", 10_000, 300)]
    [InlineData("evtx", 5_000, 150)]
    [InlineData("rules", 3_000, 150)]
    [InlineData("conditions", 10_000, 100)]
    [InlineData("json", 10_000, 150)]
    public void A_search_finds_nothing_that_breaks_the_target(string name, long executions, int corpus)
    {
        var isLong = Environment.GetEnvironmentVariable("PICKET_LONG") == "1";
        var target = FuzzTargets.Find(name);
        var options = isLong ? new FuzzOptions { Time = TimeSpan.FromMinutes(10), SeedFiles = Real(target) } : new FuzzOptions { Executions = executions };
        var session = Session(options with { Target = target });
        Assert.Empty(session.Run());
        Assert.True(session.Executions >= executions, $"{session.Executions} executions");
        Assert.True(session.CorpusSize > corpus, $"a corpus of {session.CorpusSize}: coverage does not lead the search");
    }

    [Theory]
    [InlineData("hocon", 100_000, 120, "HoconParser.ReadSubstitution", "include", "$")]
    [InlineData("dns", 200_000, 1_600, "DnsStreams.Append")]
    [InlineData("records", 200_000, 400, "FlagList.Add")]
    [InlineData("logs", 200_000, 400, "AuditDecoder.AddPiece")]
    [InlineData("evtx", 100_000, 1_000, "ValueText.Write")]
    [InlineData("rules", 100_000, 800, "DocumentSplitter.Add", "---")]
    [InlineData("conditions", 100_000, 200, "ConditionParser.Operand", "(")]
    [InlineData("json", 100_000, 400, "NameChain.Learn")]
    public void A_planted_defect_is_found(string name, long executions, int longest, string place, params string[] parts)
    {
        var session = Session(new FuzzOptions { Target = FuzzTargets.Find(name), WithDefect = true, Findings = 1, Executions = executions });
        var finding = Assert.Single(session.Run());
        Assert.Contains(PlantedDefect.Message, finding.What, StringComparison.Ordinal);
        Assert.Contains(place, finding.What, StringComparison.Ordinal);

        // The least input still has what the defect needs, and little else.
        Assert.All(parts, part => Assert.Contains(part, finding.Text, StringComparison.Ordinal));
        Assert.InRange(finding.Input.Length, 20, longest);
    }

    [Theory]
    [InlineData("hocon")]
    [InlineData("records")]
    public void The_same_seed_makes_the_same_search(string name)
    {
        var options = new FuzzOptions { Target = FuzzTargets.Find(name), Seed = 7, Executions = 1_500 };
        var once = Session(options);
        var again = Session(options);
        var other = Session(options with { Seed = 8 });
        foreach (var session in (FuzzSession[])[once, again, other]) session.Run();
        Assert.Equal((once.Executions, once.CorpusSize, once.Edges), (again.Executions, again.CorpusSize, again.Edges));
        Assert.NotEqual((once.CorpusSize, once.Edges), (other.CorpusSize, other.Edges));
    }

    [Theory]
    [InlineData("a = 1\n%%\nb = ${c")]
    [InlineData("a = ${b}")]
    [InlineData("include \"1\", x = [${a}, \"\"\"\n\"\"\"]\n%%\na = 10s")]
    public void The_checks_hold_for_ordinary_inputs(string input) => Assert.Null(Checks.Run(new HoconTarget(), Encoding.UTF8.GetBytes(input)));

    [Theory]
    [InlineData("hocon")]
    [InlineData("dns")]
    [InlineData("records")]
    [InlineData("logs")]
    [InlineData("evtx")]
    [InlineData("rules")]
    [InlineData("conditions")]
    [InlineData("json")]
    public void The_checks_hold_for_all_seeds(string name)
    {
        var target = FuzzTargets.Find(name);
        Assert.All(target.Seeds, seed => Assert.Null(Checks.Run(target, seed)));
    }

    /// <summary>The long runs begin with real files, too, where those are.</summary>
    private static List<string> Real(IFuzzTarget target) => target.Name switch
    {
        "rules" or "conditions" => Files(target, "sigma-rules", "sigma-tests"),
        "json" => Files(target, "windows-json", "sigma-regression"),
        _ => [],
    };

    private static List<string> Files(IFuzzTarget target, params string[] corpora) =>
        [.. corpora.Select(Corpora.Find).OfType<string>().SelectMany(folder => SeedFiles.In(folder, target.Extensions))];

    private FuzzSession Session(FuzzOptions options) => new(options, new TestOutput(output));

    private sealed class TestOutput(ITestOutputHelper output) : StringWriter
    {
        public override void WriteLine(string? value) => output.WriteLine(value ?? "");
    }
}
