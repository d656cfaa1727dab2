using static Picket.Spec.Sigma.Correlation.CorrelationText;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>How long the journal of the correlations becomes, and for how long it knows what may come again.</summary>
public sealed class CorrelationJournalBoundsSpec
{
    private static readonly string Count = Document("type: event_count\nrules: [a]\ngroup-by: [G]\ntimespan: 10s\ncondition: {gte: 4}");

    [Fact]
    public void A_flood_makes_the_journal_no_longer_than_its_bound_and_costs_nothing()
    {
        using var lab = new CorrelationLab(Load(Count)) { MaxBytes = 8L << 20 };
        lab.Kill();
        var saves = 0;
        for (var number = 1; number <= 350; number++)
        {
            var operations = lab.Files.Operations;
            Long(lab, number);
            if (lab.Files.Operations - operations > 3) saves++;
            Assert.InRange(lab.Segments.Sum(segment => lab.Files.Content(segment).LongLength), 0, lab.MaxBytes);
        }

        // All groups are much to write: each quarter of the bound once, and a file that is begun now and then.
        Assert.InRange(saves, 3, 15);

        // Nobody has asked for a snapshot, and no time has passed.
        Assert.Equal("", lab.Said());
        Assert.InRange(lab.OfSnapshot().Groups, 200, 350);
        lab.Kill();
        Assert.Equal((350, ""), (lab.State.Engine.Groups, lab.Said()));
    }

    /// <summary>A source brings again what was under way at a kill, and that is up to a minute.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_snapshot_has_stays_in_the_journal_for_a_minute(bool isRestarted)
    {
        using var lab = new CorrelationLab(Load(Count));
        var number = 0;
        while (lab.Segments.Count < 2) Long(lab, ++number);
        if (isRestarted) lab.Kill();
        var first = lab.Segments[0];

        foreach (var (seconds, isThere) in new[] { (0, true), (30, true), (29, true), (2, false) })
        {
            lab.Clock.Advance(TimeSpan.FromSeconds(seconds));
            lab.Hear(++number, 0, ("G", $"{number}"));
            lab.State.Save();
            Assert.Equal((seconds, isThere), (seconds, lab.Segments.Contains(first)));
        }

        lab.Kill();
        Assert.Equal((number, ""), (lab.State.Engine.Groups, lab.Said()));
    }

    [Fact]
    public void Without_news_nothing_is_written()
    {
        using var lab = new CorrelationLab(Load(Count));
        lab.Hear(1, 1, ("G", "x"));
        lab.State.Save();
        var operations = lab.Files.Operations;

        lab.State.Save();
        Assert.Equal(operations, lab.Files.Operations);
        lab.Hear(2, 1, ("G", "x"));
        lab.State.Save();
        Assert.True(lab.Files.Operations > operations + 1, "the news was not written");
    }

    [Fact]
    public void A_trouble_that_goes_on_is_said_once()
    {
        using var lab = new CorrelationLab(Load(Count));
        (lab.Files.FailWrites, lab.Files.FailTruncates) = (true, true);
        lab.Hear(1, 1, ("G", "x"));
        lab.Clock.Advance(TimeSpan.FromSeconds(6));
        lab.Hear(2, 1, ("G", "x"));

        var said = lab.Said().Split("; ");
        Assert.Equal(2, said.Length);
        Assert.Contains("takes no more", said[0], StringComparison.Ordinal);
        Assert.Contains("cannot be written", said[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Much_that_is_not_in_the_journal_yet_waits_for_no_more()
    {
        using var lab = new CorrelationLab(Load(Count));
        lab.Hear(lab.State.Engine, 1, 1, false, ("G", new string('x', 60_000)));
        Assert.False(lab.State.IsFarBehind);
        lab.Hear(lab.State.Engine, 2, 1, false, ("G", new string('y', 6_000)));
        Assert.True(lab.State.IsFarBehind);

        lab.State.Flush();
        for (var number = 0; number < 256; number++)
        {
            Assert.False(lab.State.IsFarBehind);
            lab.Hear(lab.State.Engine, 10 + number, 1, false, ("G", "z"));
            lab.State.Hold(SigmaEvents.Of(("G", "z")));
        }

        Assert.True(lab.State.IsFarBehind);
        lab.State.Flush();
        Assert.False(lab.State.IsFarBehind || lab.State.IsBehind);
    }

    private static void Long(CorrelationLab lab, int number) => lab.Hear(number, 0, ("G", $"{number}{new string('g', 60_000)}"));
}
