using System.Text.Json;
using Picket.Detection.Sigma;

namespace Picket.Spec.Sigma;

public sealed class SigmaLiteSpec
{
    [Fact]
    public void The_28_cases_of_sigmalite_have_the_result_that_they_name()
    {
        var folder = Corpora.Require("sigma-tests/sigmalite");
        var cases = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, "cases.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var test = document.RootElement;
            var placeholders = new Dictionary<string, IReadOnlyList<string>>();
            if (test.GetProperty("placeholders") is { ValueKind: JsonValueKind.Object } given)
            {
                foreach (var entry in given.EnumerateObject()) placeholders[entry.Name] = [.. entry.Value.EnumerateArray().Select(value => value.GetString()!)];
            }

            var set = SigmaRuleSet.Load([Path.Combine(folder, test.GetProperty("rule").GetString()!)], new SigmaLoadOptions { Placeholders = placeholders });
            Assert.Empty(set.Errors);
            var fields = test.GetProperty("fields").EnumerateObject().Select(field => (field.Name, (string?)field.Value.GetString())).ToList();
            if (test.GetProperty("message").GetString() is { } message) fields.Add(("", message));
            Assert.True(test.GetProperty("want").GetBoolean() == Assert.Single(set.Rules).On([.. fields]), line);
            cases++;
        }

        Assert.Equal(28, cases);
    }

    [Theory]
    [InlineData("sigma-spec/tests/schema/rules", 2)]
    [InlineData("sigma-spec/tests/schema/filter", 0)]
    [InlineData("sigma-tests/rustinel-rules/rules/sigma", 71)]
    [InlineData("sigma-tests/sigmalite/testdata", 15)]
    public void Rules_of_others_load_as_far_as_they_are_supported(string corpus, int expected)
    {
        var options = new SigmaLoadOptions { Placeholders = new Dictionary<string, IReadOnlyList<string>> { ["Admins_Workstations"] = ["a"] } };

        var set = SigmaRuleSet.Load([Corpora.Require(corpus)], options);

        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        Assert.Equal(expected, set.Rules.Count);
    }
}
