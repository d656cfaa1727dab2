using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Lint;

namespace Picket.Spec.Sigma;

/// <summary>Likely mistakes in rules that load.</summary>
public sealed class LintSpec
{
    private const string Header = """
        title: t
        id: 7f1c3b6e-7d1c-4a0e-9f51-0d5c7f6f0001
        status: test
        level: low
        logsource: { product: windows, category: process_creation }
        detection:

        """;

    [Theory]
    [InlineData("Image: '*'", LintCodes.AnyValue, 12)]
    [InlineData("Image|contains: ['*', '**']", LintCodes.AnyValue, 22, LintCodes.AnyValue, 27)]
    [InlineData("Image|contains: '*x'", LintCodes.SpareWildcard, 21)]
    [InlineData("Image|contains: 'x*'", LintCodes.SpareWildcard, 21)]
    [InlineData("Image|startswith: 'x*'", LintCodes.SpareWildcard, 23)]
    [InlineData("Image|startswith: '*x'")]
    [InlineData("Image|endswith: '*x'", LintCodes.SpareWildcard, 21)]
    [InlineData(@"Image|contains: 'x\*'")]
    [InlineData(@"Image|contains: 'x\\*'", LintCodes.SpareWildcard, 21)]
    [InlineData("Image: 'x*'", LintCodes.WildcardForModifier, 12)]
    [InlineData("Image: '*x*'", LintCodes.WildcardForModifier, 12)]
    [InlineData("Image: '*x*y'")]
    [InlineData("Image: '*x?y'")]
    [InlineData("Image: [null, null]", "type", 13, "type", 19)]
    [InlineData("Image: [a, b, A]", LintCodes.DuplicateValue, 19)]
    [InlineData("Image|cased: [a, b, A]")]
    [InlineData("Image|base64offset|contains: [ab, AB]")]
    [InlineData("Image|base64offset|contains: [ab, ab]", LintCodes.DuplicateValue, 39)]
    [InlineData("Image|base64: [ab, AB]")]
    [InlineData("Image|fieldref: [User, user]")]
    [InlineData("Image|re: '.{5,}'", LintCodes.RegexWithoutLiteral, 15)]
    [InlineData("Image|re: 'ab.*c'")]
    [InlineData("Image|re: 'abc'", LintCodes.PlainRegex, 15)]
    [InlineData("Image|re: ['ab.*c', abc, '.*', abd]", LintCodes.PlainRegex, 25, LintCodes.RegexWithoutLiteral, 30, LintCodes.PlainRegex, 36)]
    [InlineData("Image: ''")]
    [InlineData("Image|fieldref: ['User*', '*User', '*']")]
    [InlineData("Imge: abc", LintCodes.UnknownField, 5)]
    [InlineData("ParentImage|contains|all: x", "no-effect", 5)]
    public void An_item_that_says_less_or_more_than_its_author_meant(string item, params object[] findings)
    {
        var set = Load($"{Header}  s:\n    {item}\n  condition: s\n");

        var expected = findings.Chunk(2).Select(pair => ((string)pair[0], 8, (int)pair[1]));
        Assert.Equal(expected, set.Warnings.Select(warning => (warning.Code, warning.Line, warning.Column)));
    }

    [Theory]
    [InlineData("'x*'", "startswith")]
    [InlineData("'*x'", "endswith")]
    [InlineData("'*x*'", "contains")]
    public void The_modifier_that_says_it_better_is_named(string value, string modifier) =>
        Assert.EndsWith($"is what '{modifier}' is for", Assert.Single(Load($"{Header}  s:\n    Image: {value}\n  condition: s\n").Warnings).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("s: { Image: '*' }", "'*' holds for every text; 'Image|exists: true' says that")]
    [InlineData("s: ['**']", "the keyword is in every event")]
    [InlineData("s: { Image|contains: '*x' }", "the wildcard at the start of '*x' is there anyway")]
    [InlineData("s: { Image|contains: 'x*' }", "the wildcard at the end of 'x*' is there anyway")]
    [InlineData("s: { Image|startswith: 'x*' }", "the wildcard at the end of 'x*' is there anyway")]
    [InlineData("s: { Image|endswith: '*x*' }", "the wildcard at the start of '*x*' is there anyway")]
    public void What_is_there_anyway_is_named(string selection, string message) =>
        Assert.Equal(message, Assert.Single(Load($"{Header}  {selection}\n  condition: s\n").Warnings).Message);

    [Fact]
    public void Each_item_of_each_alternative_of_each_selection_is_looked_at()
    {
        var set = Load($"{Header}  s:\n    - User: x\n      Imge: x\n    - Imag: x\n      Image: x\n  t:\n    User: [a, a]\n    Iamge: x\n  condition: s and t\n");

        Assert.Equal([(LintCodes.UnknownField, 9), (LintCodes.UnknownField, 10), (LintCodes.DuplicateValue, 13), (LintCodes.UnknownField, 14)],
            set.Warnings.Select(warning => (warning.Code, warning.Line)));
    }

    [Theory]
    [InlineData("base64", "abc*")]
    [InlineData("base64offset|contains", "*abc")]
    [InlineData("wide|base64", "*")]
    [InlineData("cidr", "10.*")]
    [InlineData("cidr", "*")]
    [InlineData("exists", "*")]
    [InlineData("lt", "5*")]
    [InlineData("gte", "*5")]
    [InlineData("minute", "5*")]
    [InlineData("year", "*")]
    public void Where_no_star_may_stand_it_is_a_mistake_and_no_habit(string modifier, string value) =>
        Assert.NotEmpty(SigmaRuleSet.Parse($"{Header}  s:\n    Image|{modifier}: '{value}'\n  condition: s\n", "r.yml", new SigmaLoadOptions { Lints = true }).Errors);

    [Fact]
    public void Placeholders_whose_names_differ_in_their_case_are_two()
    {
        var set = SigmaRuleSet.Parse($"{Header}  s:\n    Image|expand: ['%a%', '%A%', '%a%']\n  condition: s\n", "r.yml",
            new SigmaLoadOptions { Lints = true, Placeholders = new Dictionary<string, IReadOnlyList<string>> { ["a"] = ["x"], ["A"] = ["y"] } });

        Assert.Equal([(LintCodes.DuplicateValue, 34)], set.Warnings.Select(warning => (warning.Code, warning.Column)));
    }

    [Theory]
    [InlineData("re", "contains|cased")]
    [InlineData("re|i", "contains")]
    [InlineData("re|startswith", "startswith|cased")]
    [InlineData("re|i|endswith", "endswith")]
    public void What_finds_what_a_plain_expression_finds_heeds_the_case_as_it_does(string modifiers, string better) =>
        Assert.Contains($"'{better}'", Assert.Single(Load($"{Header}  s:\n    Image|{modifiers}: 'abc'\n  condition: s\n").Warnings).Message);

    [Fact]
    public void A_wildcard_round_a_keyword_is_there_anyway()
    {
        var set = Load($"{Header}  s: ['*word', 'word*', word]\n  condition: s\n");
        Assert.Equal([(LintCodes.SpareWildcard, 7), (LintCodes.SpareWildcard, 7)], set.Warnings.Select(warning => (warning.Code, warning.Line)));
    }

    [Theory]
    [InlineData("windows", false)]
    [InlineData("linux", false)]
    [InlineData("macos", false)]
    [InlineData("linux", true)]
    public void A_field_that_the_category_has_on_any_system_is_known(string product, bool isUnknown)
    {
        var field = isUnknown ? "OriginalFilName" : "OriginalFileName";
        var set = Load(Header.Replace("product: windows", $"product: {product}", StringComparison.Ordinal) + $"  s:\n    {field}: x\n  condition: s\n");
        Assert.Equal(isUnknown ? [LintCodes.UnknownField] : [], set.Warnings.Select(warning => warning.Code));
    }

    [Theory]
    [InlineData("1 of them", true)]
    [InlineData("all of s*", true)]
    [InlineData("not 1 of s*", true)]
    [InlineData("s", false)]
    [InlineData("s and 1 of them", true)]
    [InlineData("s or not (s and all of s*)", true)]
    [InlineData("s or 1 of f*", false, "  f: { User: x }\n")]
    public void A_condition_that_counts_one_selection(string condition, bool found, string more = "")
    {
        var set = Load($"{Header}  s:\n    Image: x\n{more}  condition: {condition}\n");

        Assert.Equal(found ? [(LintCodes.OneOfOne, 7)] : [], set.Warnings.Select(warning => (warning.Code, warning.Line)));
    }

    [Theory]
    [InlineData("level: low\n", "", LintCodes.NoLevel)]
    [InlineData("status: test\n", "", LintCodes.NoStatus)]
    [InlineData("status: test\n", "status: test\ndate: 2024-02-02\nmodified: 2024-02-01\n", LintCodes.DateOrder)]
    [InlineData("status: test\n", "status: test\ndate: 2024-02-02\nmodified: 2024-02-02\n", null)]
    [InlineData("status: test\n", "status: test\ntags: [attack.t1059, Attack.Execution]\n", LintCodes.TagFormat)]
    [InlineData("status: test\n", "status: test\ntags: [attack.t1059.001, cve.2024-1]\n", null)]
    [InlineData("status: test\n", "status: testing\n", "value")]
    [InlineData("status: test\n", "status: test\ndate: 2024/02/02\n", "value")]
    [InlineData("id: 7f1c3b6e-7d1c-4a0e-9f51-0d5c7f6f0001\n", "", "no-id")]
    public void A_header_that_lacks_something(string from, string to, string? code)
    {
        var set = Load(Header.Replace(from, to, StringComparison.Ordinal) + "  s:\n    Image: x\n  condition: s\n");

        Assert.Equal(code is null ? [] : [code], set.Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public void Titles_are_for_lists_and_for_one_rule_each()
    {
        var text = $"{Header}  s:\n    Image: x\n  condition: s\n";
        var other = text.Replace("0001", "0002", StringComparison.Ordinal);
        Assert.Equal([LintCodes.DuplicateTitle], Load($"{text}---\n{other}").Warnings.Select(warning => warning.Code));
        Assert.Equal([LintCodes.DuplicateTitle], Load($"{text}---\n{other.Replace("title: t", "title: T", StringComparison.Ordinal)}").Warnings.Select(warning => warning.Code));
        Assert.Empty(Load(text.Replace("title: t", $"title: {new string('t', 120)}", StringComparison.Ordinal)).Warnings);
        Assert.Equal(["duplicate-id"], Load($"{text}---\n{text.Replace("title: t", "title: u", StringComparison.Ordinal)}").Warnings.Select(warning => warning.Code));
        Assert.Equal([LintCodes.LongTitle], Load(text.Replace("title: t", $"title: {new string('t', 121)}", StringComparison.Ordinal)).Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public void Nothing_of_it_is_said_where_it_is_not_asked_for() =>
        Assert.Empty(SigmaRuleSet.Parse($"{Header}  s:\n    Imge: '*'\n  condition: 1 of them\n", "r.yml").Warnings);

    [Fact]
    public void Rules_that_people_look_after_have_few_findings()
    {
        var root = Corpora.Require("sigma-rules");
        var set = SigmaRuleSet.Load([Path.Combine(root, "rules")], new SigmaLoadOptions { Lints = true });

        var counts = set.Warnings.Where(warning => warning.Code.StartsWith("lint-", StringComparison.Ordinal)).CountBy(warning => warning.Code).ToDictionary();
        TestContext.Current.SendDiagnosticMessage(string.Join(", ", counts.Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.All(counts, pair => Assert.InRange(pair.Value, 0, set.Rules.Count / 20));
        Assert.InRange(counts.GetValueOrDefault(LintCodes.UnknownField), 0, 15);
    }

    private static SigmaRuleSet Load(string text)
    {
        var set = SigmaRuleSet.Parse(text, "r.yml", new SigmaLoadOptions { Lints = true });
        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        return set;
    }
}
