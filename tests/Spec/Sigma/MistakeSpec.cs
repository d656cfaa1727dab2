using System.Text;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Check;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Spec.Sigma;

/// <summary>What authors of rules are told of the mistakes that they make most.</summary>
public sealed class MistakeSpec
{
    private const string Sound = """
        title: t
        logsource:
            product: linux
            category: process_creation
        detection:
            selection:
                Image: /x
            condition: selection

        """;

    [Theory]
    [InlineData("        Image: /x", "\tImage: /x", 7, 1, "a tab indents this line: YAML wants spaces")]
    [InlineData("        Image: /x", "    \t Image: /x", 7, 5, "a tab indents this line: YAML wants spaces")]
    [InlineData("    condition: selection", "\tcondition: selection", 8, 1, "a tab indents this line: YAML wants spaces")]
    [InlineData("    category", "\tcategory", 4, 1, "a tab indents this line: YAML wants spaces")]
    [InlineData("        Image: /x", "        Image: /x\n          User: y", 8, 15, "': ' in a text, or a line that is indented too far: quote the text, or correct the indentation")]
    [InlineData("Image: /x", "Image: a: b", 7, 17, "': ' in a text, or a line that is indented too far: quote the text, or correct the indentation")]
    [InlineData("    condition", "  condition", 8, 3, "no key is expected here: the line is indented like none above it, or a text before it lacks quotes")]
    [InlineData("        Image: /x", "        - Image: /x\n        Foo: z", 8, 9, "an entry '- ' is expected here: the line is indented as the list above it")]
    [InlineData("Image: /x", "Image: \"C:\\Windows\"", 7, 16, "a backslash in double quotes begins an escape, and this one is none: use single quotes")]
    [InlineData("Image: /x", "Image: \"/x", 7, 16, "the quotes that begin here do not end")]
    [InlineData("Image: /x", "Image: @x", 7, 16, "a text cannot begin with this character: quote it")]
    [InlineData("Image: /x", "Image: %x", 7, 16, "a text cannot begin with this character: quote it")]
    [InlineData("Image: /x", "Image: *x", 7, 16, "no anchor 'x' before this alias: quote a text that begins with '*'")]
    [InlineData("    condition", "\u00A0\u00A0\u00A0\u00A0condition", 8, 1, "U+00A0 indents this line: YAML wants spaces")]
    [InlineData("        Image", "        \u2003Image", 7, 9, "U+2003 indents this line: YAML wants spaces")]
    public void What_is_no_YAML_is_told_at_the_place_of_the_mistake(string text, string mistake, int line, int column, string message)
    {
        // A document before it moves the lines, and is not lost.
        foreach (var (before, offset) in ((string, int)[])[("", 0), (Sound + "---\n", 9)])
        {
            var set = SigmaRuleSet.Parse(before + Sound.Replace(text, mistake, StringComparison.Ordinal), "r.yml");
            var error = Assert.Single(set.Errors);
            Assert.Equal((SigmaCodes.Yaml, line + offset, column, message), (error.Code, error.Line, error.Column, error.Message));
            Assert.Equal(offset > 0 ? 1 : 0, set.Rules.Count);
        }
    }

    [Theory]
    [InlineData("condition: selection", "condition: Selection", "the condition names 'Selection', which is no selection of the rule; did you mean 'selection'?")]
    [InlineData("condition: selection", "condition: not selectoin", "the condition names 'selectoin', which is no selection of the rule; did you mean 'selection'?")]
    [InlineData("condition: selection", "condition: filter", "the condition names 'filter', which is no selection of the rule")]
    [InlineData("detection:", "transformations:", "this is a pipeline, which --pipeline takes, and no rule")]
    [InlineData("detection:", "exclusions:", "this is a file of exclusions, which --exclusions takes, and no rule")]
    [InlineData("detection:", "tests:", "this is a file of tests, which is called x.test.yml beside the rule x.yml, and no rule")]
    [InlineData("detection:", "detections:", "the rule has no 'detection'")]
    public void What_is_likely_meant_is_said(string text, string mistake, string message) =>
        Assert.Equal(message, Assert.Single(SigmaRuleSet.Parse(Sound.Replace(text, mistake, StringComparison.Ordinal), "r.yml").Errors).Message);

    [Theory]
    [InlineData("Immage", "; did you mean 'Image'?")]
    [InlineData("image", "; did you mean 'Image'?")]
    [InlineData("ComandLine", "; did you mean 'CommandLine'?")]
    [InlineData("Fantasy", "")]
    public void A_field_that_no_event_has_is_told_with_the_one_that_it_is_like(string field, string hint)
    {
        var set = SigmaRuleSet.Parse(Sound.Replace("Image", field, StringComparison.Ordinal), "r.yml", new SigmaLoadOptions { Lints = true });
        Assert.Contains(set.Warnings, warning => warning.Message == $"events of process_creation have no field '{field}'{hint}");
    }

    [Fact]
    public void A_category_that_is_mistyped_is_told_with_the_one_that_it_is_like()
    {
        var set = SigmaRuleSet.Parse(Sound.Replace("process_creation", "proces_creation", StringComparison.Ordinal), "r.yml");
        var reason = Assert.Single(Assert.Single(SigmaRuleCheck.Of(set, SensorTable.Find("linux")!).Rules).Reasons);
        Assert.Equal("no sensor for linux supplies proces_creation events; did you mean 'process_creation'?", reason.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public void The_place_of_what_is_not_UTF_8_is_told(int before)
    {
        using var folder = new Cli.RuleFolder();
        var file = Path.Combine(folder.Path, "r.yml");
        File.WriteAllBytes(file, [.. Encoding.UTF8.GetBytes($"# {new string('x', before)}\ntitle: ü caf"), 0xE9, .. "\n"u8]);
        var error = Assert.Single(SigmaRuleSet.Load([file]).Errors);
        Assert.Equal((SigmaCodes.File, 2, 13, "the text is not UTF-8 here: save the file in UTF-8"), (error.Code, error.Line, error.Column, error.Message));
    }

    [Fact]
    public void A_device_without_an_end_is_too_large()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("there is no /dev/zero");
        var issues = new IssueList("/dev/zero");
        Assert.Null(RuleFiles.Read("/dev/zero", issues));
        Assert.Equal((SigmaCodes.Limit, "the file is larger than 16 MiB"), (issues.Errors[0].Code, issues.Errors[0].Message));
    }

    [Theory]
    [InlineData(16 << 20, true)]
    [InlineData((16 << 20) + 1, false)]
    public void A_file_may_have_so_many_bytes_and_no_more(int length, bool isRead)
    {
        using var folder = new Cli.RuleFolder();
        var file = folder.Write("r.yml", new string('#', length));
        Assert.Equal(isRead ? length : (int?)null, RuleFiles.Read(file, new IssueList(file))?.Length);
    }
}
