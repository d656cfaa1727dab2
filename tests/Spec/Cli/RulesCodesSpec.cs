using System.Reflection;
using System.Text.Json;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Check;
using Picket.Detection.Sigma.Codes;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Lint;

namespace Picket.Spec.Cli;

/// <summary><c>picket rules codes</c>: nothing is said by a code that nobody can look up.</summary>
public sealed class RulesCodesSpec
{
    [Fact]
    public void Every_code_of_the_program_is_explained_and_nothing_else_is()
    {
        Type[] homes = [typeof(CheckReasons), typeof(SigmaCodes), typeof(LintCodes)];
        var known = homes.SelectMany(home => home.GetFields(BindingFlags.Public | BindingFlags.Static)).Select(field => (string)field.GetRawConstantValue()!)
            .Concat(Enum.GetValues<RuleVerdict>().Select(CheckWriter.Word)).ToList();
        Assert.Equal(known.Order(StringComparer.Ordinal), RuleCodes.All.Select(code => code.Code).Order(StringComparer.Ordinal));
        Assert.All(RuleCodes.All, code =>
        {
            Assert.NotEqual(RuleCodeKinds.None, code.Kinds);
            Assert.InRange(code.Meaning.Length, 10, 200);
            Assert.InRange(code.Remedy.Length, 5, 200);
        });
    }

    /// <summary>The folders of the product in which codes are said: a code that is written there as a text would escape the table.</summary>
    [Fact]
    public void Codes_are_said_by_their_names()
    {
        var codes = RuleCodes.All.Where(code => code.Code.Contains('-', StringComparison.Ordinal)).Select(code => $"\"{code.Code}\"").ToList();
        string[] homes = ["SigmaCodes.cs", "LintCodes.cs", "CheckReasons.cs", "CheckWriter.cs"];
        foreach (var folder in (string[])["Detection/Sigma", "Actors/Node/RuleTests", "Actors/Node/CommandLine"])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Corpora.Root, folder), "*.cs", SearchOption.AllDirectories).Where(file => !homes.Contains(Path.GetFileName(file))))
            {
                var text = File.ReadAllText(file);
                Assert.DoesNotContain(codes, code => text.Contains(code, StringComparison.Ordinal));
                Assert.DoesNotMatch("new (SigmaError|SigmaWarning|CheckReason|RuleException)\\([^;\"]*\"[a-z]+(-[a-z]+)+\",", text);
            }
        }
    }

    /// <summary>What is said of a corpus is of the kind that the table tells.</summary>
    [Fact]
    public void Kinds_are_as_they_are_said()
    {
        var set = SigmaRuleSet.Load([Corpora.Require("sigma-rules"), Corpora.Require("sigma-tests")], new SigmaLoadOptions { Lints = true });
        Assert.NotEmpty(set.Errors);
        Assert.NotEmpty(set.Warnings);
        Assert.All(set.Errors.Select(error => error.Code).Distinct(), code => Assert.True(KindsOf(code).HasFlag(RuleCodeKinds.Error), code));
        Assert.All(set.Warnings.Select(warning => warning.Code).Distinct(), code => Assert.True((KindsOf(code) & (RuleCodeKinds.Warning | RuleCodeKinds.Lint)) != 0, code));
        var reasons = SigmaRuleCheck.Of(set, SensorTable.Find("linux")!).Rules.Where(rule => rule.Title.Length > 0).SelectMany(rule => rule.Reasons).Select(reason => reason.Code).Distinct().ToList();
        Assert.True(reasons.Count >= 4, string.Join(' ', reasons));
        Assert.All(reasons, code => Assert.True(KindsOf(code).HasFlag(RuleCodeKinds.Reason), code));

        static RuleCodeKinds KindsOf(string code) => RuleCodes.All.Single(known => known.Code == code).Kinds;
    }

    [Fact]
    public async Task All_codes_or_those_that_are_named_are_printed()
    {
        var result = await Cli.RunAsync("rules", "codes");
        result.IsDone();
        Assert.StartsWith("can-fire (verdict)\n    everything the rule asks for", result.Out);
        Assert.Equal(3 * RuleCodes.All.Count, result.Out.Count(letter => letter == '\n'));
        result = await Cli.RunAsync("rules", "codes", "unknown-rule", "lint-no-level", "--json");
        result.IsDone();
        using var document = JsonDocument.Parse(result.Out);
        Assert.Equal(["unknown-rule", "lint-no-level"], document.RootElement.EnumerateArray().Select(code => code.GetProperty("code").GetString()));
        Assert.Equal("""["error","warning"]""", JsonSerializer.Serialize(document.RootElement[0].GetProperty("kinds")));
        Assert.All(document.RootElement.EnumerateArray(), code => Assert.Equal(["code", "kinds", "meaning", "remedy"], code.EnumerateObject().Select(property => property.Name)));
        (await Cli.RunAsync("rules", "codes", "no-such")).IsRefused(2, "there is no code 'no-such': see 'picket rules codes'");
    }
}
