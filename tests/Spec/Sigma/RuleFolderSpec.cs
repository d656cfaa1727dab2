using Picket.Detection.Sigma;
using Picket.Spec.Cli;

namespace Picket.Spec.Sigma;

/// <summary>What is found below a folder of rules, whatever else lies there.</summary>
public sealed class RuleFolderSpec : IDisposable
{
    private const string Rule = "title: t\nlogsource: {product: x}\ndetection:\n  s:\n    F: x\n  condition: s\n";

    private readonly RuleFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Links_that_lead_round_are_gone_once()
    {
        var rule = _folder.Write("a/b/r.yml", Rule);
        Directory.CreateSymbolicLink(At("a/b/up"), "..");
        Directory.CreateSymbolicLink(At("a/b/self"), ".");
        Directory.CreateSymbolicLink(At("a/root"), _folder.Path);
        File.CreateSymbolicLink(At("a/again.yml"), "b/r.yml");

        Assert.Equal([rule], Files());
    }

    [Fact]
    public void A_collection_that_is_linked_into_the_folder_is_read_and_goes_by_the_name_it_has_there()
    {
        using var other = new RuleFolder();
        other.Write("sub/r.yml", Rule);
        File.CreateSymbolicLink(At("file.yml"), other.Write("single.yaml", Rule));
        Directory.CreateSymbolicLink(At("collection"), Path.Combine(other.Path, "sub"));

        Assert.Equal([At("collection/r.yml"), At("file.yml")], Files());
    }

    [Fact]
    public void A_mounted_map_has_each_rule_once()
    {
        _folder.Write("..2026_11_22/r.yml", Rule);
        Directory.CreateSymbolicLink(At("..data"), "..2026_11_22");
        File.CreateSymbolicLink(At("r.yml"), "..data/r.yml");

        Assert.Equal([At("r.yml")], Files());
    }

    [Fact]
    public void What_other_tools_keep_hidden_in_a_repository_is_no_rule_and_a_hidden_folder_that_is_named_is_read()
    {
        var rule = _folder.Write("rules/r.yml", Rule);
        _folder.Write(".github/workflows/ci.yml", "on: push\n");
        _folder.Write(".yamllint.yml", "extends: default\n");
        _folder.Write("rules/._r.yml", "\0\u0005\u0016\a");
        var own = _folder.Write(".rules/own.yml", Rule);

        Assert.Equal([rule], Files());
        Assert.Empty(SigmaRuleSet.Load([_folder.Path]).Errors);
        Assert.Equal([own], SigmaRuleSet.Load([At(".rules")]).Rules.Select(found => found.File));
    }

    [Fact]
    public void A_pipe_is_not_waited_for()
    {
        if (!OperatingSystem.IsLinux()) return;
        var rule = _folder.Write("r.yml", Rule);
        using var make = System.Diagnostics.Process.Start("mkfifo", [At("pipe.yml")]);
        make.WaitForExit();
        File.CreateSymbolicLink(At("link.yml"), "pipe.yml");

        Assert.Equal([rule], Files());
    }

    [Fact]
    public void A_link_that_leads_nowhere_or_to_itself_is_an_error_and_the_others_are_read()
    {
        var rule = _folder.Write("r.yml", Rule);
        File.CreateSymbolicLink(At("gone.yml"), "no such");
        File.CreateSymbolicLink(At("loop.yml"), "loop.yml");

        var set = SigmaRuleSet.Load([_folder.Path]);

        Assert.Equal([rule], set.Rules.Select(found => found.File));
        Assert.Equal(["gone.yml", "loop.yml"], set.Errors.Select(error => Path.GetFileName(error.File)).Order());
    }

    [Fact]
    public void A_text_in_UTF_16_is_called_so()
    {
        File.WriteAllText(At("r.yml"), Rule, System.Text.Encoding.Unicode);

        Assert.Equal("the text is UTF-16, not UTF-8", Assert.Single(SigmaRuleSet.Load([_folder.Path]).Errors).Message);
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    private IEnumerable<string> Files()
    {
        var set = SigmaRuleSet.Load([_folder.Path]);
        Assert.Empty(set.Errors);
        return set.Rules.Select(rule => rule.File);
    }
}
