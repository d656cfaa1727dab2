using Picket.Detection.Sigma;

namespace Picket.Spec.Sigma;

/// <summary>Files are read by several threads at once, which must not show.</summary>
public sealed class LoadOrderSpec
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Rules_errors_and_warnings_come_in_the_order_of_files_whoever_reads_them(int threads)
    {
        var folder = Directory.CreateTempSubdirectory("picket-order-").FullName;
        try
        {
            for (var i = 0; i < 300; i++)
            {
                // Some take longer than their neighbours; each third is broken when it is read, each fifth when it is compiled.
                var value = i % 5 == 0 ? "F|re: '('" : $"F{i}: x{new string('y', i % 7 == 0 ? 20_000 : 1)}";
                File.WriteAllText(Path.Combine(folder, $"{i:000}.yml"),
                    i % 3 == 0 ? $"title: t{i}\ndetection: 1\n" : $"title: t{i}\nlogsource: {{product: x}}\ndetection:\n  s:\n    {value}\n  condition: s\n");
            }

            var set = SigmaRuleSet.Load([folder], new SigmaLoadOptions { Threads = threads });

            Assert.Equal(Numbers(i => i % 3 != 0 && i % 5 != 0).Select(i => $"t{i}"), set.Rules.Select(rule => rule.Title));
            Assert.Equal(Numbers(i => i % 3 == 0 || i % 5 == 0), set.Errors.Select(Number));
            Assert.Equal(Numbers(i => i % 3 != 0), set.Warnings.Select(warning => Number(warning.File)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static IEnumerable<int> Numbers(Func<int, bool> wanted) => Enumerable.Range(0, 300).Where(wanted);
    }

    /// <summary>The same rules give the same numbers, whichever thread is first.</summary>
    [Fact]
    public void Fields_have_their_numbers_in_the_order_of_rules()
    {
        var texts = Enumerable.Range(0, 200).Select(i => $"title: t{i}\nlogsource: {{product: x}}\ndetection:\n  s: {{LoadOrder{i}|re: 'a{i}.*(b|c)+d'}}\n  condition: s\n");
        Assert.Empty(SigmaRuleSet.Parse(string.Join("---\n", texts), "r.yml").Errors);

        var numbers = Enumerable.Range(0, 200).Select(i => Picket.Detection.Events.FieldTable.Intern($"LoadOrder{i}").Value).ToList();
        Assert.Equal(numbers.Order(), numbers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public void Each_number_is_worked_on_once_and_what_one_throws_comes_out_as_it_is(int count)
    {
        var done = new int[count];
        RuleWorkers.Each(4, count, i => Interlocked.Increment(ref done[i]));
        Assert.All(done, times => Assert.Equal(1, times));

        if (count > 0) Assert.Throws<InvalidDataException>(() => RuleWorkers.Each(4, count, i => throw new InvalidDataException($"{i}")));
    }

    [Fact]
    public void Questions_that_read_alike_when_they_are_joined_are_two()
    {
        var set = SigmaRuleSet.Parse(Rule("one", "[zz, 'a|r512:b']") + "---\n" + Rule("two", "[zz, a, b]"), "rules.yml");
        var sink = new RecordingSink();

        SigmaEngine.Build(set.Rules).Evaluate(SigmaEvents.Of(("F", "b")).View(0), sink);

        Assert.Equal(["two"], sink.Matches.Select(rule => rule.Title));

        static string Rule(string title, string values) =>
            $"title: {title}\nlogsource: {{product: test}}\ndetection:\n  s:\n    F|re: {values}\n  condition: s\n";
    }

    private static int Number(Picket.Detection.Sigma.Diagnostics.SigmaError error) => Number(error.File);

    private static int Number(string file) => int.Parse(Path.GetFileNameWithoutExtension(file), System.Globalization.CultureInfo.InvariantCulture);
}
