using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Recovering;

namespace Picket.Spec.Persistence;

/// <summary>Histories of more than one writer.</summary>
public sealed class ReplayFilterTests
{
    private readonly List<string> _warnings = [];

    [Theory]
    [InlineData("A1 A2 A3", "A1 A2 A3")]
    [InlineData("A1 A2 B3 B4 C5", "A1 A2 B3 B4 C5")]
    [InlineData("A1 A2 A3 B3 B4", "A1 A2 B3 B4")]
    [InlineData("A1 A2 A3 A4 A5 B2 B3", "A1 B2 B3")]
    [InlineData("A1 B2 A2 B3 A3", "A1 B2 B3")]
    [InlineData("A1 A3 A2 A4", "A1 A3 A4")]
    [InlineData("A1 A1 A2", "A1 A1 A2")]
    [InlineData("A1 B1 C1 C2", "C1 C2")]
    public void By_default_what_an_older_writer_wrote_beside_a_newer_one_is_left_out(string history, string kept)
    {
        Assert.Equal(kept, Filter(history, new ReplayFilterOptions()));
        Assert.Equal(history != kept, _warnings.Count > 0);
    }

    [Fact]
    public void Warn_lets_all_pass_and_says_so()
    {
        Assert.Equal("A1 A2 B2 A3", Filter("A1 A2 B2 A3", new ReplayFilterOptions { Mode = ReplayFilterMode.Warn }));
        Assert.Equal(2, _warnings.Count);
        Assert.Contains("event 2 of [id] by A", _warnings[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A1 A2 B2")]
    [InlineData("A1 B2 A3")]
    [InlineData("A2 A1")]
    public void Fail_fails(string history) =>
        Assert.Throws<JournalException>(() => Filter(history, new ReplayFilterOptions { Mode = ReplayFilterMode.Fail }));

    [Fact]
    public void Disabled_does_not_look()
    {
        Assert.Equal("A2 A1 B1 A3", Filter("A2 A1 B1 A3", new ReplayFilterOptions { Mode = ReplayFilterMode.Disabled }));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void What_has_left_the_window_cannot_be_left_out()
    {
        Assert.Equal("A1 A2 A3 B2 B3", Filter("A1 A2 A3 A4 B2 B3", new ReplayFilterOptions { WindowSize = 2 }));
        Assert.Equal("A1 B2 C3 A4", Filter("A1 B2 C3 A4", new ReplayFilterOptions { MaxOldWriters = 1 }));
    }

    private string Filter(string history, ReplayFilterOptions options)
    {
        var filter = new ReplayFilter(options, _warnings.Add);
        var released = new List<Persistent>();
        foreach (var e in history.Split(' '))
        {
            filter.Add(new Persistent(e, e[1] - '0', "id", writerGuid: e[..1]), released);
            Assert.True(released.Count == 0 || options.WindowSize < 100 || options.Mode == ReplayFilterMode.Disabled);
        }

        filter.End(released);
        return string.Join(' ', released.Select(e => e.Payload));
    }
}
