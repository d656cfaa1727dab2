using System.Text;
using Picket.Detection.Events;
using Picket.Detection.Sigma;

namespace Picket.Spec.Sigma;

/// <summary>Which files the auditd view makes records of: every one that a rule could match, and few others.</summary>
public sealed class NamedPathsSpec
{
    [Fact]
    public void Every_name_for_which_a_rule_of_the_corpus_matches_a_PATH_record_is_asked_for()
    {
        var rules = CorpusLoadSpec.LoadActive().Rules.Where(rule => rule.LogSource.Product == "linux" && AuditDemand.IsAudit(rule.LogSource)).ToList();
        var filter = AuditDemand.Of(rules).Paths;
        Assert.NotNull(filter);
        var matched = 0;
        foreach (var rule in rules)
        {
            for (var variation = 0; variation < 12; variation++)
            {
                if (Firing(rule, variation) is not { } values) continue;
                var batch = RuleEvents.Batch(values);
                if (batch.View(0).First(AuditFields.Type).Text.SequenceEqual("PATH"u8) && rule.On(batch))
                {
                    matched++;
                    Assert.True(filter.MayBeAsked(batch.View(0).First(AuditFields.Name).Text), rule.ToString());
                }
            }
        }

        Assert.InRange(matched, 50, int.MaxValue);
        Assert.All(["/tmp/picket-load/f0-17", "/home/a/notes.txt", "/var/lib/x/1"], path => Assert.False(filter.MayBeAsked(Encoding.UTF8.GetBytes(path))));
    }

    [Theory]
    [InlineData("type: PATH", "/any/thing", true)]
    [InlineData("type: PATH\nname|startswith: /etc/", "/ETC/hosts", true)]
    [InlineData("type: PATH\nname|startswith: /etc/", "/srv/etc/hosts", false)]
    [InlineData("type: PATH\nname|contains|all: [ab, '/x']", "/y/ab", true)]
    [InlineData("type: PATH\nname|contains|all: [ab, '/x']", "/y/a", false)]
    [InlineData("type: PATH\nname|re: '.*'", "/any/thing", true)]
    [InlineData("nametype: CREATE", "/any/thing", true)]
    [InlineData("type: SYSCALL\nSYSCALL: sysinfo", "/any/thing", false)]
    [InlineData("name|endswith: .service", "/etc/systemd/system/a.service", true)]
    [InlineData("name|endswith: .service", "/etc/systemd/system/a.socket", false)]
    public void A_path_is_asked_for_unless_no_rule_could_name_it(string items, string path, bool asked) =>
        Assert.Equal(asked, AuditDemand.Of([Rule(items)]).Paths?.MayBeAsked(Encoding.UTF8.GetBytes(path)) ?? true);

    [Fact]
    public void A_long_path_is_looked_at_whole() =>
        Assert.True(AuditDemand.Of([Rule("type: PATH\nname|endswith: /end")]).Paths!.MayBeAsked(Encoding.UTF8.GetBytes(new string('a', 9_000) + "/END")));

    [Fact]
    public void Who_exports_audit_records_gets_all_of_them()
    {
        var rules = new EventInterest(EventKind.FileCreate) { Audit = AuditDemand.Of([Rule("type: PATH\nname: /a")]) };
        Assert.NotNull(rules.With([EventKind.FileDelete]).Audit.Paths);
        Assert.Null(rules.With([EventKind.AuditRecord]).Audit.Paths);
    }

    private static SigmaRule Rule(string items)
    {
        var detection = $"sel:\n{string.Join('\n', items.Split('\n').Select(line => "        " + line))}\n    condition: sel";
        var set = SigmaRuleSet.Parse(
            $"title: t\nid: 7f1c3b6e-7d1c-4a0e-9f51-0d5c7f6f0001\nlogsource:\n    product: linux\n    service: auditd\ndetection:\n    {detection}", "rule.yml");
        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        return Assert.Single(set.Rules);
    }

    private static List<(string Field, byte[] Value)>? Firing(SigmaRule rule, int variation)
    {
        try
        {
            return RuleEvents.Firing(rule.Syntax, variation).Values;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
