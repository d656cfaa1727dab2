using System.Text.Json;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Check;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Spec.Sigma;

public sealed class RuleCheckSpec
{
    [Theory]
    [InlineData("a: {Image: x}\n  condition: a", RuleVerdict.CanFire, new string[0])]
    [InlineData("a: {Image: x}\n  b: {Company: y}\n  condition: a and not b", RuleVerdict.Degraded, new[] { CheckReasons.Field })]
    [InlineData("a: {Image: x}\n  b: {Company: y}\n  condition: a or b", RuleVerdict.Degraded, new[] { CheckReasons.Field })]
    [InlineData("a: {Image: x}\n  b: {Company: y}\n  condition: a and b", RuleVerdict.CanNeverFire, new[] { CheckReasons.Field, CheckReasons.Condition })]
    [InlineData("a: {Image: x, Company: null}\n  condition: a", RuleVerdict.Degraded, new[] { CheckReasons.Field })]
    [InlineData("a: {Company|exists: true}\n  condition: a", RuleVerdict.CanNeverFire, new[] { CheckReasons.Field, CheckReasons.Condition })]
    [InlineData("a: {Company|neq: x}\n  condition: a", RuleVerdict.Degraded, new[] { CheckReasons.Field })]
    [InlineData("a: {Image|fieldref: Company}\n  condition: a", RuleVerdict.CanNeverFire, new[] { CheckReasons.Field, CheckReasons.Condition })]
    [InlineData("a: {Image: x}\n  b: {Company: y}\n  c: {User: z}\n  condition: 2 of them", RuleVerdict.Degraded, new[] { CheckReasons.Field })]
    [InlineData("a: {Image: x}\n  b: {Company: y}\n  condition: 2 of them", RuleVerdict.CanNeverFire, new[] { CheckReasons.Field, CheckReasons.Condition })]
    [InlineData("a: {Hashes|contains: 'SHA256=00', md5: x, sha1: y, sha256: z}\n  condition: a", RuleVerdict.CanFire, new string[0])]
    [InlineData("a: {Hashes|contains: ['imphash=00', 'SHA256=00']}\n  condition: a", RuleVerdict.Degraded, new[] { CheckReasons.Field })]
    [InlineData("a: {Hashes|contains: 'IMPHASH=00'}\n  condition: a", RuleVerdict.CanNeverFire, new[] { CheckReasons.Field, CheckReasons.Condition })]
    [InlineData("a: {Hashes|contains|all: ['IMPHASH=00', 'MD5=00']}\n  condition: a", RuleVerdict.CanNeverFire, new[] { CheckReasons.Field, CheckReasons.Condition })]
    [InlineData("a: {Company|exists: false}\n  condition: a", RuleVerdict.Degraded, new[] { CheckReasons.Field })]
    [InlineData("a: {Image: x}\n  b: {Company: null}\n  condition: a and not b", RuleVerdict.CanNeverFire, new[] { CheckReasons.Field, CheckReasons.Condition })]
    [InlineData("a: {Image: x}\n  b: {Company: null}\n  condition: not 1 of *", RuleVerdict.CanNeverFire, new[] { CheckReasons.Field, CheckReasons.Condition })]
    [InlineData("a: {Image|fieldref|neq: Company}\n  condition: a", RuleVerdict.Degraded, new[] { CheckReasons.Field })]
    [InlineData("a: {Image|expand: '%x%', User|expand: '%x%'}\n  condition: a", RuleVerdict.CanNeverFire, new[] { CheckReasons.Placeholder })]
    [InlineData("a: {Imphash: x}\n  condition: a", RuleVerdict.CanNeverFire, new[] { CheckReasons.Field, CheckReasons.Condition })]
    [InlineData("a: [word]\n  condition: a", RuleVerdict.CanFire, new string[0])]
    [InlineData("a: {Image|expand: '%x%'}\n  b: {User: z}\n  condition: b and not a", RuleVerdict.CanNeverFire, new[] { CheckReasons.Placeholder })]
    public void The_verdict_follows_from_the_fields_that_are_there(string detection, RuleVerdict verdict, string[] codes)
    {
        var rule = Check($"title: t\nlogsource: {{product: linux, category: process_creation}}\ndetection:\n  {detection}\n");

        Assert.Equal((verdict, string.Join(',', codes)), (rule.Verdict, string.Join(',', rule.Reasons.Select(reason => reason.Code))));
    }

    [Theory]
    [InlineData("type: event_count\n  rules: [p]\n  group-by: [User]\n  condition: {gte: 3}", RuleVerdict.CanFire, 0)]
    [InlineData("type: event_count\n  rules: [p]\n  group-by: [User, Company]\n  condition: {gte: 3}", RuleVerdict.Degraded, 1)]
    [InlineData("type: event_count\n  rules: [p]\n  group-by: [Product, Company]\n  condition: {gte: 3}", RuleVerdict.CanNeverFire, 2)]
    [InlineData("type: event_count\n  rules: [p]\n  condition: {gte: 3}", RuleVerdict.CanFire, 0)]
    [InlineData("type: value_count\n  rules: [p]\n  group-by: [User]\n  condition: {field: CommandLine, gte: 3}", RuleVerdict.CanFire, 0)]
    [InlineData("type: value_count\n  rules: [p]\n  group-by: [User]\n  condition: {field: Company, gte: 3}", RuleVerdict.CanNeverFire, 1)]
    [InlineData("type: value_count\n  rules: [p, q]\n  group-by: [Image]\n  condition: {field: DestinationIp, gte: 3}", RuleVerdict.Degraded, 1)]
    [InlineData("type: temporal\n  rules: [p, q]\n  group-by: [DestinationIp]", RuleVerdict.CanNeverFire, 1)]
    [InlineData("type: temporal\n  rules: [p, q]\n  group-by: [a]\n  aliases: {a: {p: User, q: DestinationIp}}", RuleVerdict.CanFire, 0)]
    [InlineData("type: temporal\n  rules: [p, q]\n  group-by: [DestinationIp]\n  condition: {gte: 1}", RuleVerdict.Degraded, 1)]
    [InlineData("type: temporal_ordered\n  rules: [p, q]\n  group-by: [DestinationIp]", RuleVerdict.CanNeverFire, 1)]
    [InlineData("type: temporal\n  rules: [p, w]\n  group-by: [User]", RuleVerdict.CanNeverFire, 0)]
    [InlineData("type: event_count\n  rules: [p, w]\n  group-by: [User]\n  condition: {gte: 3}", RuleVerdict.Degraded, 0)]
    [InlineData("type: event_count\n  rules: [w]\n  group-by: [User]\n  condition: {gte: 3}", RuleVerdict.CanNeverFire, 0)]
    public void A_correlation_needs_the_fields_that_it_groups_by_and_counts(string correlation, RuleVerdict verdict, int missing)
    {
        const string Rules = """
            title: p
            name: p
            logsource: {product: linux, category: process_creation}
            detection: {s: {Image: x}, condition: s}
            ---
            title: q
            name: q
            logsource: {product: linux, category: network_connection}
            detection: {s: {Image: x}, condition: s}
            ---
            title: w
            name: w
            logsource: {product: windows, category: registry_set}
            detection: {s: {Image: x}, condition: s}
            ---

            """;
        var set = SigmaRuleSet.Parse($"{Rules}title: c\ncorrelation:\n  {correlation}\n  timespan: 1m\n", "r.yml");
        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));

        var rule = SigmaRuleCheck.Of(set, SensorTable.Linux).Rules.Single(rule => rule.Title == "c");

        Assert.Equal((verdict, missing), (rule.Verdict, rule.Reasons.Count(reason => reason.Code == CheckReasons.CorrelationField)));
        Assert.All(rule.Reasons, reason => Assert.Equal(19, reason.Line));
    }

    [Fact]
    public void A_correlation_over_another_one_needs_the_fields_of_the_events_below_it()
    {
        const string Rules = """
            title: p
            name: p
            logsource: {product: linux, category: process_creation}
            detection: {s: {Image: x}, condition: s}
            ---
            title: c
            name: c
            correlation: {type: event_count, rules: [p], group-by: [User], timespan: 1m, condition: {gte: 3}}
            ---
            title: over
            correlation: {type: event_count, rules: [c], group-by: [FIELD], timespan: 1h, condition: {gte: 3}}
            """;
        foreach (var (field, verdict) in (ReadOnlySpan<(string, RuleVerdict)>)[("User", RuleVerdict.CanFire), ("Company", RuleVerdict.CanNeverFire)])
        {
            var check = SigmaRuleCheck.Of(SigmaRuleSet.Parse(Rules.Replace("FIELD", field, StringComparison.Ordinal), "r.yml"), SensorTable.Linux);
            Assert.Equal(verdict, check.Rules.Single(rule => rule.Title == "over").Verdict);
        }
    }

    [Theory]
    [InlineData("product: windows, service: security", CheckReasons.Service)]
    [InlineData("product: windows", CheckReasons.Product)]
    [InlineData("product: windows, category: process_creation", CheckReasons.Category)]
    [InlineData("product: linux, category: process_creation", CheckReasons.Product)]
    public void Where_no_sensor_supplies_anything_the_reason_is_what_the_rule_names(string source, string code)
    {
        var set = SigmaRuleSet.Parse($"title: t\nlogsource: {{{source}}}\ndetection:\n  a: {{Image: x}}\n  condition: a\n", "r.yml");
        var rule = Assert.Single(SigmaRuleCheck.Of(set, SensorTable.Windows).Rules);
        Assert.Equal((RuleVerdict.CanNeverFire, code), (rule.Verdict, Assert.Single(rule.Reasons).Code));
    }

    [Fact]
    public void What_is_wrong_with_other_files_is_no_verdict_on_a_rule_and_what_a_pipeline_adds_is_no_field_of_the_rule()
    {
        const string Rule = "title: t\nlogsource: {product: linux, category: process_creation}\ndetection:\n  a: {Image: x}\n  condition: a\n";
        using var piped = new Pipelines.Piped();
        var bad = Pipelines.Piped.Load(Rule, piped.File("nonsense"));
        Assert.Single(bad.Errors);
        Assert.Equal(RuleVerdict.CanFire, Assert.Single(SigmaRuleCheck.Of(bad, SensorTable.Linux).Rules).Verdict);

        var added = Pipelines.Piped.Load(Rule, piped.Steps("- {type: add_condition, conditions: {Company: x}}"));
        var rule = Assert.Single(SigmaRuleCheck.Of(added, SensorTable.Linux).Rules);
        Assert.Equal((RuleVerdict.CanNeverFire, CheckReasons.Condition), (rule.Verdict, Assert.Single(rule.Reasons).Code));
    }

    [Fact]
    public void A_copy_that_can_fire_makes_its_rule_one_that_can()
    {
        const string Rule = "title: t\nlogsource: {product: linux, category: process_creation}\ndetection:\n  a: {Bild: x}\n  condition: a\n";
        using var piped = new Pipelines.Piped();
        var set = Pipelines.Piped.Load(Rule, piped.Steps("- {type: copy_rule, transformations: [{type: field_name_mapping, mapping: {Bild: Image}}]}"));
        Assert.Equal(RuleVerdict.CanFire, Assert.Single(SigmaRuleCheck.Of(set, SensorTable.Linux).Rules).Verdict);
    }

    [Fact]
    public void A_pipeline_decides_what_a_correlation_groups_by()
    {
        const string Rules = """
            title: p
            name: p
            logsource: {product: linux, category: process_creation}
            detection: {s: {Image: x}, condition: s}
            ---
            title: c
            correlation: {type: event_count, rules: [p], group-by: [Account], timespan: 1m, condition: {gte: 3}}
            """;
        using var piped = new Pipelines.Piped();
        var mapped = Pipelines.Piped.Load(Rules, piped.Steps("- {type: field_name_mapping, mapping: {Account: User}}"));

        Assert.Equal(RuleVerdict.CanNeverFire, SigmaRuleCheck.Of(SigmaRuleSet.Parse(Rules, "r.yml"), SensorTable.Linux).Rules.Single(rule => rule.Title == "c").Verdict);
        Assert.Equal(RuleVerdict.CanFire, SigmaRuleCheck.Of(mapped, SensorTable.Linux).Rules.Single(rule => rule.Title == "c").Verdict);
    }

    [Theory]
    [InlineData("product: windows, category: process_creation", CheckReasons.Product)]
    [InlineData("product: linux, category: registry_set", CheckReasons.Category)]
    [InlineData("product: linux, category: image_load, service: x", CheckReasons.Category)]
    public void A_log_source_that_nobody_supplies_can_never_fire(string source, string code)
    {
        var rule = Check($"title: t\nlogsource: {{{source}}}\ndetection:\n  a: {{Image: x}}\n  condition: a\n");

        Assert.Equal((RuleVerdict.CanNeverFire, code), (rule.Verdict, Assert.Single(rule.Reasons).Code));
    }

    [Theory]
    [InlineData("a: {type: EXECVE, a0: x, a63: y}", RuleVerdict.CanFire, new string[0])]
    [InlineData("a: {type: SYSCALL, SYSCALL: socket, a0: 26, key: k, euid: 33}", RuleVerdict.CanFire, new string[0])]
    [InlineData("a: {key: k}", RuleVerdict.CanFire, new string[0])]
    [InlineData("a: {type: [USER_TTY, PATH], name: x}", RuleVerdict.CanFire, new string[0])]
    [InlineData("a: {type: SERVICE_STOP, unit: ufw}", RuleVerdict.Degraded, new[] { CheckReasons.AuditLog })]
    public void A_rule_for_auditd_is_fed_the_types_that_are_made_of_kernel_events(string detection, RuleVerdict verdict, string[] codes)
    {
        var rule = Check($"title: t\nlogsource: {{product: linux, service: auditd}}\ndetection:\n  {detection}\n  condition: a\n");

        Assert.Equal((verdict, string.Join(',', codes)), (rule.Verdict, string.Join(',', rule.Reasons.Select(reason => reason.Code))));
    }

    [Theory]
    [InlineData("category: process_creation", "Image: x", "ebpf/process")]
    [InlineData("category: process_termination", "Image: x", "ebpf/process")]
    [InlineData("category: file_event", "Image: x", "ebpf/file")]
    [InlineData("category: directory_create", "Image: x", "ebpf/file")]
    [InlineData("category: network_connection", "Image: x", "ebpf/network")]
    [InlineData("category: dns_query", "QueryName: x", "ebpf/dns")]
    [InlineData("category: setid", "NewUid: 0", "ebpf/privilege")]
    [InlineData("category: io_uring", "Image: x", "ebpf/uring")]
    [InlineData("category: process_creation", "Company: x", "")]
    [InlineData("category: registry_set", "Image: x", "")]
    [InlineData("service: sshd", "message: x", "logs")]
    [InlineData("service: auditd", "type: EXECVE", "ebpf/audit,auditd.log")]
    [InlineData("service: auditd", "type: SERVICE_STOP", "auditd.log")]
    [InlineData("definition: any", "message: x", "logs")]
    [InlineData("definition: any", "QueryName: x", "ebpf/dns")]
    public void A_rule_names_what_feeds_it_or_needs_something_else(string source, string item, string feeds)
    {
        var rule = Check($"title: t\nlogsource: {{product: linux, {source}}}\ndetection:\n  a: {{{item}}}\n  condition: a\n");

        Assert.Equal(feeds, string.Join(',', rule.FedBy.Select(RuleFeeds.Word)));
        Assert.Equal(feeds.Length == 0, rule.Verdict == RuleVerdict.CanNeverFire);
    }

    [Fact]
    public void All_but_one_of_SigmaHQs_rules_for_auditd_can_fire_without_it()
    {
        var check = SigmaRuleCheck.Of(SigmaRuleSet.Load([Corpora.Require("sigma-rules/rules/linux/auditd")]), SensorTable.Linux);

        Assert.Equal(CheckReasons.AuditLog, Assert.Single(Assert.Single(check.Rules, rule => rule.Verdict != RuleVerdict.CanFire).Reasons).Code);
    }

    [Fact]
    public void A_rule_that_does_not_load_is_among_the_results()
    {
        var rule = Check("title: t\n");

        Assert.Equal((RuleVerdict.CanNeverFire, SigmaCodes.MissingKey), (rule.Verdict, Assert.Single(rule.Reasons).Code));
    }

    [Fact]
    public void A_document_whose_action_is_none_is_among_the_results()
    {
        var set = SigmaRuleSet.Parse("action: all\ntitle: t\n---\ntitle: t\nlogsource: {product: linux, category: process_creation}\ndetection:\n  a: {Image: x}\n  condition: a\n", "r.yml");
        var rules = SigmaRuleCheck.Of(set, SensorTable.Linux).Rules;
        Assert.Equal([RuleVerdict.CanNeverFire, RuleVerdict.CanFire], rules.Select(rule => rule.Verdict));
        Assert.Equal((SigmaCodes.Action, 1), (Assert.Single(rules[0].Reasons).Code, rules[0].Reasons[0].Line));
    }

    [Fact]
    public void The_missing_field_is_named_at_its_place_in_text_and_json()
    {
        var set = SigmaRuleSet.Parse("title: t\nlogsource: {category: process_creation}\ndetection:\n  a:\n    Company: x\n  condition: a\n", "r.yml");
        var check = SigmaRuleCheck.Of(set, SensorTable.Linux);
        using var text = new StringWriter();
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes)) CheckWriter.WriteJson(check, json);

        CheckWriter.WriteText(check, text);

        Assert.Contains("r.yml:1: can-never-fire: t", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("5:5 field-not-supplied", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 rules for linux: 0 can fire, 0 degraded, 1 can never fire", text.ToString(), StringComparison.Ordinal);
        using var document = JsonDocument.Parse(bytes.ToArray());
        Assert.Equal(1, document.RootElement.GetProperty("summary").GetProperty("can-never-fire").GetInt32());
        Assert.Equal("Company", document.RootElement.GetProperty("rules")[0].GetProperty("reasons")[0].GetProperty("subject").GetString());
    }

    [Fact]
    public void Most_of_SigmaHQs_process_rules_for_Linux_can_fire()
    {
        var folder = Corpora.Require("sigma-rules/rules/linux/process_creation");

        var check = SigmaRuleCheck.Of(SigmaRuleSet.Load([folder]), SensorTable.Linux);

        TestContext.Current.SendDiagnosticMessage(string.Join("\n", check.Rules.Where(rule => rule.Verdict != RuleVerdict.CanFire).Select(rule => $"{rule.Verdict} {rule.Title}: {string.Join(", ", rule.Reasons.Select(reason => reason.Subject))}")));
        Assert.InRange(check.Count(RuleVerdict.CanFire), check.Rules.Count * 9 / 10, check.Rules.Count);
    }

    private static CheckedRule Check(string text) => Assert.Single(SigmaRuleCheck.Of(SigmaRuleSet.Parse(text, "r.yml"), SensorTable.Linux).Rules);
}
