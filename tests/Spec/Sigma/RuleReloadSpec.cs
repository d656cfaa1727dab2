using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Spec.Sigma;

/// <summary>Files of rules that are read again: what of them is in force afterwards.</summary>
public sealed class RuleReloadSpec : IDisposable
{
    private readonly string _folder = TestFolder.Make("reload");
    private readonly string _rules;

    public RuleReloadSpec() => Directory.CreateDirectory(_rules = Path.Combine(_folder, "rules"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_that_are_as_they_were_give_the_set_that_is_in_force()
    {
        Put("a.yml", Rule("a"));
        var before = Load();
        File.SetLastWriteTimeUtc(PathOf("a.yml"), DateTime.UnixEpoch);

        var again = Again(before);

        Assert.False(again.IsChanged);
        Assert.Same(before, again.Rules);
    }

    [Fact]
    public void New_changed_and_removed_files_take_effect()
    {
        Put("a.yml", Rule("a"));
        Put("b.yml", Rule("b"));
        Put("c.yml", Rule("c"));
        var before = Load();
        Put("b.yml", Rule("b2"));
        Put("below/d.yaml", Rule("d"));
        File.Delete(PathOf("c.yml"));

        var again = Again(before);

        Assert.True(again.IsChanged);
        Assert.Equal((1, 1, 1), again.Files);
        Assert.Equal(["a", "b2", "d"], again.Rules.Rules.Select(rule => rule.Title));
        Assert.Empty(again.Kept);
    }

    [Fact]
    public void A_changed_file_with_an_error_stays_as_it_was_and_says_where()
    {
        Put("a.yml", Rule("a"));
        Put("b.yml", Rule("b"));
        var before = Load();
        Put("a.yml", Rule("a2").Replace("condition: sel", "condition: wrong", StringComparison.Ordinal));
        Put("b.yml", Rule("b2"));

        var again = Again(before);

        Assert.Equal(["a", "b2"], again.Rules.Rules.Select(rule => rule.Title));
        Assert.Empty(again.Rules.Errors);
        var kept = Assert.Single(again.Kept);
        Assert.Equal((PathOf("a.yml"), 5, SigmaCodes.UnknownSelection), (kept.File, kept.Errors[0].Line, kept.Errors[0].Code));
        Assert.True(kept.Errors[0].Column > 0, $"{kept.Errors[0]}");

        // It is what was in force before, not what was read before: the second look compares with that.
        var third = Again(again.Rules);
        Assert.False(third.IsChanged);
        Assert.Single(third.Kept);
        Put("a.yml", Rule("a3"));
        Assert.Equal(["a3", "b2"], Again(third.Rules).Rules.Rules.Select(rule => rule.Title));
    }

    [Fact]
    public void All_documents_of_a_file_stay_when_one_is_wrong_and_a_file_of_which_none_was_of_use_is_taken()
    {
        Put("a.yml", Rule("a1") + "---\n" + Rule("a2"));
        Put("b.yml", "title: nothing\n");
        var before = Load();
        Assert.Single(before.Errors);
        Put("a.yml", Rule("new") + "---\ntitle: nothing\n");
        Put("b.yml", Rule("b") + "---\ntitle: nothing\n");

        var again = Again(before);

        Assert.Equal(["a1", "a2", "b"], again.Rules.Rules.Select(rule => rule.Title));
        Assert.Equal(PathOf("a.yml"), Assert.Single(again.Kept).File);
        Assert.Equal(PathOf("b.yml"), Assert.Single(again.Rules.Errors).File);
    }

    [Fact]
    public void A_new_file_with_errors_costs_nothing_else()
    {
        Put("a.yml", Rule("a"));
        var before = Load();
        Put("b.yml", ": : :");
        Put("c.yml", Rule("c"));

        var again = Again(before);

        Assert.Equal(["a", "c"], again.Rules.Rules.Select(rule => rule.Title));
        Assert.Equal(PathOf("b.yml"), Assert.Single(again.Rules.Errors).File);
        Assert.Empty(again.Kept);
    }

    [Fact]
    public void What_refers_to_a_file_that_stays_as_it_was_stays_too()
    {
        Put("a.yml", Rule("a"));
        Put("c.yml", Correlation("a"));
        var before = Load();
        Assert.Single(before.Correlations);

        // The correlation is right only if the new a were in force.
        Put("a.yml", Rule("renamed") + "---\ntitle: nothing\n");
        Put("c.yml", Correlation("renamed"));
        var again = Again(before);

        Assert.Equal([PathOf("a.yml"), PathOf("c.yml")], again.Kept.Select(kept => kept.File).Order());
        Assert.False(again.IsChanged);
        Assert.Same(before, again.Rules);
    }

    [Fact]
    public void A_removed_rule_takes_what_refers_to_it_along_and_that_is_said_at_its_place()
    {
        Put("a.yml", Rule("a"));
        Put("b.yml", Rule("b"));
        Put("c.yml", Correlation("a"));
        var before = Load();
        File.Delete(PathOf("a.yml"));

        var again = Again(before);

        Assert.Empty(again.Rules.Correlations);
        var error = Assert.Single(again.Rules.Errors);
        Assert.Equal((PathOf("c.yml"), 4, SigmaCodes.UnknownRule), (error.File, error.Line, error.Code));
        Assert.Empty(again.Kept);
    }

    [Fact]
    public void Filters_take_effect_and_a_wrong_one_stays()
    {
        const string Filter = "title: f\nlogsource: { product: test }\nfilter:\n  rules: any\n  sel: { User: root }\n  condition: not sel\n";
        Put("a.yml", Rule("a"));
        var before = Load();
        Put("f.yml", Filter);
        var filtered = Again(before);
        Assert.False(filtered.Rules.Rules[0].On(("Kind", "a"), ("User", "root")));
        Put("f.yml", Filter.Replace("not sel", "not other", StringComparison.Ordinal));

        var again = Again(filtered.Rules);

        Assert.Equal(PathOf("f.yml"), Assert.Single(again.Kept).File);
        Assert.False(again.Rules.Rules[0].On(("Kind", "a"), ("User", "root")));
        File.Delete(PathOf("f.yml"));
        Assert.True(Again(again.Rules).Rules.Rules[0].On(("Kind", "a"), ("User", "root")));
    }

    [Fact]
    public void Exclusions_take_effect_a_wrong_one_stays_and_a_removed_one_goes()
    {
        var file = Path.Combine(_folder, "exclusions.yml");
        const string Exclusions = "exclusions:\n  - { owner: me, reason: none, expires: 2999-01-01, rules: [a], selection: { User: root } }\n";
        File.WriteAllText(file, "exclusions: []\n");
        var options = new SigmaLoadOptions { Exclusions = [file] };
        Put("a.yml", Rule("a"));
        var before = SigmaRuleSet.Load([_rules], options);
        Assert.True(before.Rules[0].On(("Kind", "a"), ("User", "root")));

        File.WriteAllText(file, Exclusions);
        var excluded = RuleReload.Read(before, [_rules], options);
        Assert.False(excluded.Rules.Rules[0].On(("Kind", "a"), ("User", "root")));
        Assert.Equal(before.Rules[0].Alert.ContentHash, excluded.Rules.Rules[0].Alert.ContentHash);

        File.WriteAllText(file, Exclusions.Replace("owner: me, ", "", StringComparison.Ordinal));
        var wrong = RuleReload.Read(excluded.Rules, [_rules], options);
        Assert.Equal((file, 2), (Assert.Single(wrong.Kept).File, wrong.Kept[0].Errors[0].Line));
        Assert.False(wrong.Rules.Rules[0].On(("Kind", "a"), ("User", "root")));

        // One that nobody stands for any more must not blind a rule for ever.
        File.Delete(file);
        var gone = RuleReload.Read(wrong.Rules, [_rules], options);
        Assert.True(gone.Rules.Rules[0].On(("Kind", "a"), ("User", "root")));
        Assert.Equal(file, Assert.Single(gone.Rules.Errors).File);
    }

    [Fact]
    public void Pipelines_take_effect_a_wrong_one_stays_and_one_that_has_gone_changes_nothing()
    {
        var file = Path.Combine(_folder, "pipeline.yml");
        const string Pipeline = "transformations:\n  - {type: field_name_mapping, mapping: {Kind: sort}}\n";
        File.WriteAllText(file, Pipeline);
        var options = new SigmaLoadOptions { Pipelines = [file, "ecs"] };
        Put("a.yml", Rule("a"));
        var before = SigmaRuleSet.Load([_rules], options);
        Assert.True(before.Rules[0].On(("sort", "a")));
        Assert.False(RuleReload.Read(before, [_rules], options).IsChanged);
        var stamps = RuleReload.StampsOf(before);
        Assert.False(RuleReload.Looks(stamps, [_rules], options.OtherFiles));

        File.WriteAllText(file, Pipeline.Replace("sort", "variety", StringComparison.Ordinal));
        Assert.True(RuleReload.Looks(stamps, [_rules], options.OtherFiles));
        var mapped = RuleReload.Read(before, [_rules], options);
        Assert.Equal((0, 1, 0), mapped.Files);
        Assert.True(mapped.Rules.Rules[0].On(("variety", "a")));
        Assert.False(mapped.Rules.Rules[0].On(("sort", "a")));

        File.WriteAllText(file, Pipeline.Replace("field_name_mapping", "nix", StringComparison.Ordinal));
        var wrong = RuleReload.Read(mapped.Rules, [_rules], options);
        Assert.Equal((file, 2), (Assert.Single(wrong.Kept).File, wrong.Kept[0].Errors[0].Line));
        Assert.True(wrong.Rules.Rules[0].On(("variety", "a")));

        // Rules that were written for other names would fall silent without it.
        File.Delete(file);
        Assert.Equal($"{file}: no such pipeline", Assert.Throws<RuleReloadException>(() => RuleReload.Read(wrong.Rules, [_rules], options)).Message);
    }

    [Fact]
    public void A_file_that_may_not_be_used_any_more_stays_as_it_was()
    {
        Put("a.yml", Rule("a"));
        var before = Load();
        var again = RuleReload.Read(before, [_rules], new SigmaLoadOptions { Refusal = _ => "others may write to it" });

        Assert.Same(before, again.Rules);
        Assert.Equal("others may write to it", Assert.Single(again.Kept).Errors[0].Message);
    }

    [Fact]
    public void A_folder_that_is_not_there_changes_nothing()
    {
        Put("a.yml", Rule("a"));
        var before = Load();
        Directory.Move(_rules, _rules + ".old");

        Assert.Equal($"{_rules}: no such file or folder", Assert.Throws<RuleReloadException>(() => Again(before)).Message);
    }

    [Fact]
    public void A_look_without_reading_finds_what_changed()
    {
        Put("a.yml", Rule("a"));
        var file = Path.Combine(_folder, "exclusions.yml");
        File.WriteAllText(file, "exclusions: []\n");
        var stamps = RuleReload.StampsOf(SigmaRuleSet.Load([_rules], new SigmaLoadOptions { Exclusions = [file] }));
        bool Looks() => RuleReload.Looks(stamps, [_rules], [file]);

        Assert.False(Looks());
        Put("notes.txt", "nothing");
        Assert.False(Looks());
        File.SetLastWriteTimeUtc(PathOf("a.yml"), DateTime.UnixEpoch);
        Assert.True(Looks());
        stamps = Again(Load()).Stamps;
        file = PathOf("none");
        File.WriteAllText(PathOf("b.yml"), "");
        Assert.True(Looks());
        stamps = Again(Load()).Stamps;
        file = Path.Combine(_folder, "exclusions.yml");
        Directory.Delete(_rules, true);
        Assert.True(Looks());
    }

    [Fact]
    public void Rules_that_are_the_same_keep_what_was_counted_of_their_failures()
    {
        const string Slow = "F|re: '^(?=(a+)+$)b'";
        string[] texts = [Rule("slow", Slow), Rule("slow too", Slow), Rule("good", "F|startswith: a")];
        var limit = new SigmaLoadOptions { RegexTimeLimit = TimeSpan.FromMilliseconds(5) };
        var set = SigmaRuleSet.Parse("---\n" + string.Join("---\n", texts), "r.yml", limit);
        var (slow, tooSlow) = (set.Rules[0], set.Rules[1]);
        var options = new SigmaEngineOptions { FailureLimit = 2, FailureWindow = TimeSpan.FromHours(1) };
        var engine = SigmaEngine.Build(set.Rules, options);
        var batch = SigmaEvents.Of(("F", new string('a', 60) + "!b"));
        var first = new RecordingSink();
        engine.Evaluate(batch.View(0), first);
        Assert.Equal([slow, tooSlow], first.Failures.Select(failure => failure.Rule));

        // Another order, and one of the two is another rule now.
        texts = [texts[2], Rule("slow too", Slow) + "# edited\n", texts[0]];
        var next = SigmaRuleSet.Parse("---\n" + string.Join("---\n", texts), "r.yml", limit);
        var swapped = SigmaEngine.Build(next.Rules, options);
        swapped.TakeOver(engine);
        var second = new RecordingSink();
        swapped.Evaluate(batch.View(0), second);
        Assert.Equal(["slow"], second.Disabled.Select(rule => rule.Title));

        // What is switched off stays so.
        var third = SigmaEngine.Build(next.Rules, options);
        third.TakeOver(swapped);
        var sink = new RecordingSink();
        third.Evaluate(batch.View(0), sink);
        Assert.DoesNotContain("slow", sink.Failures.Select(failure => failure.Rule.Title));
        Assert.Equal(["slow too"], sink.Disabled.Select(rule => rule.Title));
        Assert.Equal("good", Assert.Single(sink.Matches).Title);
    }

    private static string Rule(string title, string item = "Kind: a") =>
        $"title: {title}\nname: {title}\nlogsource: {{ product: test }}\ndetection:\n  {{ sel: {{ {item} }}, condition: sel }}\n";

    private static string Correlation(string rule) =>
        $"title: c\ncorrelation:\n  type: event_count\n  rules: [{rule}]\n  timespan: 1m\n  condition: {{ gte: 2 }}\n";

    private SigmaRuleSet Load() => SigmaRuleSet.Load([_rules]);

    private RuleReload Again(SigmaRuleSet before) => RuleReload.Read(before, [_rules], new SigmaLoadOptions());

    private void Put(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    private string PathOf(string name) => Path.Combine(_rules, name);
}
