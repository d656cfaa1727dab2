using Picket.Fuzz;

namespace Picket.Spec.Hocon;

/// <summary>The search for texts that break the reader: short by default, ten minutes with PICKET_LONG=1.</summary>
public sealed class FuzzSpec(ITestOutputHelper output)
{
    private const long ShortExecutions = 20_000;
    private const long PlantedExecutions = 100_000;

    [Fact]
    public void A_search_finds_nothing_that_breaks_the_reader()
    {
        var isLong = Environment.GetEnvironmentVariable("PICKET_LONG") == "1";
        var options = isLong ? new FuzzOptions { Time = TimeSpan.FromMinutes(10) } : new FuzzOptions { Executions = ShortExecutions };
        var session = Session(options);
        Assert.Empty(session.Run());
        Assert.True(session.Executions >= ShortExecutions, $"{session.Executions} executions");
        Assert.True(session.CorpusSize > 300, $"a corpus of {session.CorpusSize}: coverage does not lead the search");
    }

    [Fact]
    public void A_planted_defect_is_found()
    {
        var session = Session(new FuzzOptions { WithDefect = true, Findings = 1, Executions = PlantedExecutions });
        var finding = Assert.Single(session.Run());
        Assert.Contains(PlantedDefect.Message, finding.What, StringComparison.Ordinal);
        Assert.Contains("HoconParser.ReadSubstitution", finding.What, StringComparison.Ordinal);

        // The least input still includes and still holds a substitution.
        Assert.Contains("include", finding.Input, StringComparison.Ordinal);
        Assert.Contains("$", finding.Input, StringComparison.Ordinal);
        Assert.InRange(finding.Input.Length, 20, 120);
    }

    [Fact]
    public void The_same_seed_makes_the_same_search()
    {
        var once = Session(new FuzzOptions { Seed = 7, Executions = 1_500 });
        var again = Session(new FuzzOptions { Seed = 7, Executions = 1_500 });
        var other = Session(new FuzzOptions { Seed = 8, Executions = 1_500 });
        foreach (var session in (FuzzSession[])[once, again, other]) session.Run();
        Assert.Equal((once.Executions, once.CorpusSize, once.Edges), (again.Executions, again.CorpusSize, again.Edges));
        Assert.NotEqual((once.CorpusSize, once.Edges), (other.CorpusSize, other.Edges));
    }

    [Theory]
    [InlineData("a = 1\n%%\nb = ${c")]
    [InlineData("a = ${b}")]
    [InlineData("include \"1\", x = [${a}, \"\"\"\n\"\"\"]\n%%\na = 10s")]
    public void The_checks_hold_for_ordinary_inputs(string input) => Assert.Null(Checks.Run(input));

    private FuzzSession Session(FuzzOptions options) => new(options, new TestOutput(output));

    private sealed class TestOutput(ITestOutputHelper output) : StringWriter
    {
        public override void WriteLine(string? value) => output.WriteLine(value ?? "");
    }
}
