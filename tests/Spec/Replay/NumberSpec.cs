using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Sensors.Replay.Json;
using Picket.Spec.Sigma;

namespace Picket.Spec.Replay;

/// <summary>Numbers of records against those of rules: equal ones are found, however many zeros either has behind its point.</summary>
public sealed class NumberSpec
{
    [Fact]
    public void A_whole_number_is_found_however_it_is_written() =>
        Prop.ForAll(Gen.Choose(-70_000, 70_000).ToArbitrary(), number =>
        {
            foreach (var rule in new[] { $"{number}", $"{number}.0", $"{number}.000", $"'{number}.0'" })
            {
                foreach (var zeros in new[] { "", ".0", ".0000" })
                {
                    Assert.True(IsFound(rule, $"{number}{zeros}"), $"{rule} against {number}{zeros}");
                    Assert.False(IsFound(rule, $"{number + 1}{zeros}"), $"{rule} against {number + 1}{zeros}");
                    Assert.False(IsFound(rule, $"{number}{zeros}{(zeros.Length == 0 ? "." : "")}5"), $"{rule} against a fraction of {number}");
                }
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Theory]
    [InlineData("1.5", "15e-1", true)]
    [InlineData("1.5", "0.15E+1", true)]
    [InlineData("1.5", "1.50", true)]
    [InlineData("1.50", "1.5", true)]
    [InlineData("1.500", "150e-2", true)]
    [InlineData("-1.5", "-15e-1", true)]
    [InlineData("4688", "46.88e2", true)]
    [InlineData("4688", "4.688000e3", true)]
    [InlineData("100000", "1e5", true)]
    [InlineData("0.001", "1e-3", true)]
    [InlineData("0", "0e0", true)]
    [InlineData("1.5", "15e-2", false)]
    [InlineData("1.5", "1.05", false)]
    [InlineData("10", "1", false)]
    [InlineData("1e400", "1e400", true)]
    [InlineData("1.5", "\"1.50\"", false)]
    public void Equal_numbers_are_one_in_whatever_form(string rule, string json, bool isFound)
    {
        Assert.Equal(isFound, IsFound(rule, json));

        // Beside an object the other reader reads them.
        Assert.Equal(isFound, IsFound(rule, json + ",\"Other\":{}"));
    }

    [Fact]
    public void An_exponent_moves_the_point() =>
        Prop.ForAll(Gen.Choose(-70_000, 70_000).Two().ToArbitrary(), pair =>
        {
            var power = pair.Item2 % 9;
            var exact = pair.Item1 * (power < 0 ? 1 / (decimal)Math.Pow(10, -power) : (decimal)Math.Pow(10, power));
            Span<byte> room = stackalloc byte[JsonText.LongestPlain];
            Assert.True(JsonText.TryPlain(Encoding.UTF8.GetBytes($"{pair.Item1}e{power}"), room, out var written));
            var plain = Encoding.UTF8.GetString(room[..written]);
            Assert.Equal(exact, decimal.Parse(plain, System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(written, JsonText.LengthOfNumber(room[..written]));
            Assert.DoesNotMatch(@"^-?0\d", plain);
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData("4688", "\"4688.0\"", false)]
    [InlineData("1.0", "\"1.0\"", true)]
    [InlineData("'1.0'", "\"1.0\"", true)]
    [InlineData("1.5", "1.5", true)]
    [InlineData("1.0.0", "1", false)]
    public void A_text_stays_what_it_is(string rule, string json, bool isFound) => Assert.Equal(isFound, IsFound(rule, json));

    private static bool IsFound(string value, string json)
    {
        var set = SigmaRuleSet.Parse($"title: t\nlogsource: {{product: test}}\ndetection:\n  s:\n    NumberSpec: {value}\n  condition: s\n", "rule.yml");
        var sink = new RecordingSink();
        using var reader = new JsonRecordReader(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"NumberSpec":{{json}}}""")), "x", _ => { });
        var batch = new EventBatch(64, 64 * 1024);
        Assert.True(reader.Fill(batch, null));
        SigmaEngine.Build(set.Rules).Evaluate(batch.View(0), sink);
        return sink.Matches.Count == 1;
    }
}
