using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Sensors.Audit;

namespace Picket.Spec.Ebpf;

/// <summary>Lines of audit.rules, and what rules for auditd ask for.</summary>
public sealed class AuditRuleTests
{
    [Fact]
    public void A_watch_and_a_call_with_conditions_are_read_as_auditctl_takes_them()
    {
        var watch = AuditRule.Parse("-w /usr/bin/wget -p x -k susp_activity");
        Assert.Equal(("/usr/bin/wget", "x", "susp_activity"), (watch.Path, watch.Permissions, watch.Key));
        var call = AuditRule.Parse("-a always,exit -F arch=b64 -S connect,accept -F a2=0x10 -F success=1 -F key=net");
        Assert.Equal(["connect", "accept"], call.Calls);
        Assert.True(call.Fits([0, 0, 16, 0], true));
        Assert.False(call.Fits([0, 0, 16, 0], false));
        Assert.False(call.Fits([0, 0, 28, 0], true));
        Assert.Equal("/etc/", AuditRule.Parse("-a always,exit -F dir=/etc -F perm=wa -k etc").Path);
    }

    [Theory]
    [InlineData("-w /bin/x -p x", "no key")]
    [InlineData("-k only", "either a path")]
    [InlineData("-a always,exit -S connect -F auid>=1000 -k k", "auid>=1000")]
    [InlineData("-a always,exit -S connect -F euid=33 -k k", "euid=33")]
    [InlineData("-a never,exit -S connect -k k", "-a never,exit")]
    [InlineData("-w", "lacks its value")]
    public void What_cannot_be_told_is_refused_with_its_place(string line, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => AuditRule.Parse(line)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("type: EXECVE\n        a0: zip", AuditTypes.Execve, "", "")]
    [InlineData("type: execve\n        a0: zip", AuditTypes.Execve, "", "")]
    [InlineData("type: SYSCALL\n        SYSCALL: socket\n        a0: 26", AuditTypes.Syscall, "socket", "")]
    [InlineData("key: susp_activity", AuditTypes.Syscall, "", "susp_activity")]
    [InlineData("a1|startswith: --x", AuditTypes.Execve | AuditTypes.Syscall, "", "")]
    [InlineData("type: PATH\n        name: /etc/shells", AuditTypes.Path, "", "")]
    [InlineData("type: SERVICE_STOP\n        unit: ufw", AuditTypes.None, "", "")]
    [InlineData("type|startswith: SYS", AuditTypes.All, "", "")]
    public void Only_the_types_calls_and_keys_that_a_rule_names_are_asked_for(string selection, AuditTypes types, string call, string key)
    {
        var asked = AuditDemand.Of(Rules(selection));
        Assert.Equal((types, call, key), (asked.Types, string.Join(' ', asked.Calls), string.Join(' ', asked.Keys)));
    }

    [Fact]
    public void A_key_brings_the_calls_of_its_rules_and_no_others()
    {
        AuditRule[] rules = [AuditRule.Parse("-a always,exit -S connect -F a2=16 -k four"), AuditRule.Parse("-a always,exit -S bind -k other")];
        var plan = AuditPlan.Of(AuditDemand.Of(Rules("type: SYSCALL\n        key: four")), rules);
        Assert.Equal(["connect"], plan.Calls);
        Assert.True(AuditPlan.Of(AuditInterest.None, rules).IsEmpty);
    }

    private static IReadOnlyList<SigmaRule> Rules(string selection)
    {
        var folder = Directory.CreateTempSubdirectory("picket-audit-").FullName;
        try
        {
            string[] lines =
            [
                "title: T", "logsource:", "    product: linux", "    service: auditd", "detection:", "    selection:",
                .. selection.Split('\n').Select(line => "        " + line.Trim()), "    condition: selection", "level: low",
            ];
            File.WriteAllLines(Path.Combine(folder, "rule.yml"), lines);
            var set = SigmaRuleSet.Load([folder], new SigmaLoadOptions());
            Assert.Empty(set.Errors);
            return set.Rules;
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
