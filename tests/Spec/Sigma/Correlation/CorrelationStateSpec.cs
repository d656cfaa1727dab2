using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Events.Journal;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;
using Picket.Spec.Alerts;
using static Picket.Spec.Sigma.Correlation.CorrelationText;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>What correlations remember over a restart and over a new set of rules.</summary>
public sealed class CorrelationStateSpec
{
    private const string Count = "type: event_count\nrules: [a]\ngroup-by: [G]\ntimespan: 10s\ncondition: {gte: 3}";
    private const string Values = "type: value_count\nrules: [b]\ngroup-by: [G]\ntimespan: 10s\ncondition: {gte: 2, field: V}";

    [Fact]
    public void A_window_goes_on_after_a_restart()
    {
        var set = Load(Document(Count), Document(Values));
        var run = new CorrelationRun(set);
        run.Hear("a", 0, ("G", "x"));
        run.Hear("a", 1, ("G", "x"));
        run.Hear("b", 1, ("G", "x"), ("V", "1"));

        Restart(run, set, 2);

        Assert.Equal(0, run.HearAs(1, "a", 0, ("G", "x")));
        Assert.Equal(0, run.Hear("b", 2, ("G", "x"), ("V", "1")));
        Assert.Equal(1, run.Hear("b", 2, ("G", "x"), ("V", "2")));
        Assert.Equal(1, run.Hear("a", 3, ("G", "x")));
        Restart(run, set, 2);
        Assert.Equal(0, run.Hear("a", 4, ("G", "x")));
    }

    /// <summary>As where one file lies in two folders.</summary>
    [Fact]
    public void Each_of_two_rules_with_one_text_goes_on_after_a_restart()
    {
        var set = Load(Document(Count), Document(Count));
        var run = new CorrelationRun(set);
        run.Hear("a", 0, ("G", "x"));
        run.Hear("a", 1, ("G", "x"));

        Restart(run, set, 2);

        Assert.Equal(2, run.Hear("a", 2, ("G", "x")));
        Assert.Equal(run.Fired[0].Id, run.Fired[1].Id);
        for (var second = 3; second < 12; second++) Assert.Equal(0, run.Hear("a", second, ("G", "x")));
    }

    [Fact]
    public void A_rule_that_is_the_same_in_a_new_set_goes_on_and_another_begins_anew()
    {
        var run = new CorrelationRun(Load(Document(Count), Document(Values)));
        run.Hear("a", 0, ("G", "x"));
        run.Hear("a", 1, ("G", "x"));
        run.Hear("b", 1, ("G", "x"), ("V", "1"));
        var edited = Load(Document(Values + " # edited"), Document(Count));

        var next = new CorrelationRun(edited) { Engine = CorrelationEngine.Restore(edited.Correlations, null, run.Engine.Save(), out var restored) };

        Assert.Equal(1, restored);
        Assert.Equal(0, next.Hear("b", 2, ("G", "x"), ("V", "2")));
        Assert.Equal(1, next.HearAs(9, "a", 2, ("G", "x")));
    }

    [Fact]
    public void A_rule_below_that_was_edited_makes_another_correlation()
    {
        var run = new CorrelationRun(Load(Document(Count)));
        run.Hear("a", 0, ("G", "x"));
        var edited = SigmaRuleSet.Parse(With(Count).Replace("Kind: a", "Kind: z", StringComparison.Ordinal), "r.yml");

        CorrelationEngine.Restore(edited.Correlations, null, run.Engine.Save(), out var restored);

        Assert.Equal(0, restored);
    }

    [Fact]
    public void What_is_damaged_is_not_taken() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var set = Load(Document(Count));
            var run = new CorrelationRun(set);
            for (var i = 0; i < 4; i++) run.Hear("a", i, ("G", $"{i}"));
            var saved = run.Engine.Save();
            var random = new Random(seed);
            var damaged = random.Next(3) == 0 ? saved[..random.Next(saved.Length)] : saved;
            if (damaged.Length == saved.Length) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));

            var engine = CorrelationEngine.Restore(set.Correlations, null, damaged, out var restored);

            Assert.Equal((-1, 0), (restored, engine.Groups));
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void The_form_is_frozen()
    {
        var set = Load(Document(Count), Document(Values), Document("type: value_sum\nrules: [c]\ntimespan: 1d\ncondition: {gte: 1e6, field: V}"));
        var path = Path.Combine(Corpora.Root, "tests", "Spec", "Sigma", "Correlation", "Golden", "state.hex");
        if (Environment.GetEnvironmentVariable("PICKET_GOLDEN") == "write")
        {
            var run = new CorrelationRun(set);
            for (var i = 0; i < 4; i++) run.Hear("a", i, ("G", "x"));
            run.Hear("b", 3, ("G", "y"), ("V", "1"));
            run.Hear("c", 4, ("V", "2.5"));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Convert.ToHexStringLower(run.Engine.Save()) + "\n");
        }

        var golden = Convert.FromHexString(File.ReadAllText(path).Trim());
        var engine = CorrelationEngine.Restore(set.Correlations, null, golden, out var restored);

        Assert.Equal(3, restored);
        Assert.Equal(golden, engine.Save());
    }

    [Fact]
    public void Smaller_bounds_keep_the_newest()
    {
        var set = Load(Document(Count));
        var run = new CorrelationRun(set);
        for (var i = 0; i < 50; i++) run.Hear("a", i / 100.0, ("G", $"{i}"));

        var engine = CorrelationEngine.Restore(set.Correlations, new CorrelationOptions { MaxGroups = 10 }, run.Engine.Save(), out _);

        Assert.Equal(10, engine.Groups);
        run.Engine = engine;
        run.Hear("a", 1, ("G", "49"));
        Assert.Equal(1, run.Hear("a", 2, ("G", "49")));
    }

    [Fact]
    public void The_file_is_replaced_as_a_whole()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "correlation.state");
        var file = new CorrelationFile(DiskFileSpace.Instance, path);

        Assert.Null(file.Load());
        Assert.Null(file.Save([1, 2, 3]));
        File.WriteAllBytes(path + ".new", [9]);
        Assert.Null(file.Save([4, 5]));
        Assert.Equal([4, 5], file.Load()!);
        Assert.Equal(["correlation.state"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.NotNull(new CorrelationFile(DiskFileSpace.Instance, Path.Combine(folder.Path, "nowhere", "state")).Save([1]));
    }

    private static void Restart(CorrelationRun run, SigmaRuleSet set, int groups)
    {
        run.Engine = CorrelationEngine.Restore(set.Correlations, null, run.Engine.Save(), out var restored);
        Assert.Equal(groups, restored);
    }
}
