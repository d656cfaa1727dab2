using Picket.Detection.Sigma;

namespace Picket.Spec.Sigma;

/// <summary>The one rule of the corpus that the generator finds no event for, by hand: two fields that must differ and be there.</summary>
public sealed class UnsolvedRuleSpec
{
    private const string File =
        "sigma-rules/rules/windows/process_creation/proc_creation_win_susp_cross_user_process_spawn.yml";

    [Theory]
    [InlineData(@"C:\Windows\notepad.exe", "A", "B", true)]
    [InlineData(@"C:\Windows\notepad.exe", "A", "A", false)]
    [InlineData(@"C:\Windows\notepad.exe", "A", "-", false)]
    [InlineData(@"C:\Windows\notepad.exe", "A", null, false)]
    [InlineData(@"C:\Windows\other.exe", "A", "B", false)]
    public void It_fires_on_what_it_describes_and_on_nothing_near(string image, string user, string? parent, bool fires)
    {
        var rule = Assert.Single(SigmaRuleSet.Load([Corpora.Require(File)]).Rules);
        Assert.Equal(fires, rule.On(("Image", image), ("User", user), ("ParentUser", parent)));
    }
}
