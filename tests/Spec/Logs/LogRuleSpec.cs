using System.Text;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Sensors.Logs;
using Picket.Spec.Journal;
using Picket.Spec.Sigma;
using static Picket.Spec.Logs.Lines;

namespace Picket.Spec.Logs;

/// <summary>Lines meet the rules of their file's service, of their writer's, and of none.</summary>
public sealed class LogRuleSpec
{
    private const string Syslog = "Mar  3 15:30:25 web1 ";

    [Theory]
    [InlineData("product: linux, service: auth", true)]
    [InlineData("product: linux, service: sshd", true)]
    [InlineData("product: linux", true)]
    [InlineData("service: sshd", true)]
    [InlineData("product: linux, service: sudo", false)]
    [InlineData("product: linux, service: auditd", false)]
    [InlineData("product: windows, service: sshd", false)]
    [InlineData("product: linux, category: process_creation", false)]
    [InlineData("category: process_creation", false)]
    public void A_line_is_of_its_file_and_of_its_writer(string source, bool fires)
    {
        var engine = Engine(source);
        var sink = new RecordingSink();
        engine.Evaluate(Record("auth", Syslog + "sshd[1]: Failed needle").View(0), sink);
        Assert.Equal(fires ? 1 : 0, sink.Matches.Count);
    }

    [Theory]
    [InlineData("cron", "CRON[3]", "syslog")]
    [InlineData("cron", "crontab[3]", "syslog")]
    [InlineData("sshd", "sshd-session[3]", "auth")]
    [InlineData("guacamole", "guacd[3]", "syslog")]
    [InlineData("clamav", "/usr/sbin/clamd[3]", "syslog")]
    [InlineData("vsftpd", "VSFTPD", "syslog")]
    [InlineData("auth", "su[1]", "auth")]
    public void A_program_belongs_to_its_service_in_any_file(string service, string tag, string file)
    {
        var sink = new RecordingSink();
        Engine($"product: linux, service: {service}").Evaluate(Record(file, Syslog + tag + ": needle").View(0), sink);
        Assert.Single(sink.Matches);
    }

    [Fact]
    public void Keywords_are_searched_in_the_whole_line()
    {
        var sink = new RecordingSink();
        var rules = SigmaRuleSet.Parse("title: t\nlogsource: {product: linux}\ndetection:\n  a: ['sshd[1]: Failed']\n  condition: a\n", "r.yml");
        SigmaEngine.Build(rules.Rules).Evaluate(Record("auth", Syslog + "sshd[1]: Failed password").View(0), sink);
        Assert.Single(sink.Matches);
    }

    [Fact]
    public void This_nodes_own_lines_are_not_answered()
    {
        var batch = new EventBatch(4, 4096);
        batch.Begin(new EventSource("logs", "test", null, 0), null);
        var decoder = new LineDecoder(new ManualClock());
        Assert.False(decoder.Decode(batch, new LogService("syslog"), Encoding.UTF8.GetBytes($"{Syslog}picket[{Environment.ProcessId}]: high Shell"), 0, EventFlags.None));
        Assert.Equal(0, batch.Count);
        Assert.True(decoder.Decode(batch, new LogService("syslog"), Encoding.UTF8.GetBytes($"{Syslog}picket[{Environment.ProcessId + 1}]: x"), 0, EventFlags.None));
    }

    /// <summary>SigmaHQ's rules for Linux that are about lines, each with a line that it is meant for: file's service, line, rule's file.</summary>
    public static TheoryData<string, string, string> Meant => new()
    {
        { "auth", "sshd[1]: error: unexpected bytes remain after decoding", "lnx_sshd_susp_ssh.yml" },
        { "auth", "sshd[1]: error: buffer_get_ret: trying to get more bytes 1907 than in buffer 308 [preauth]", "lnx_sshd_exploit_cve_2018_15473.yml" },
        { "auth", "sshd[1]: Failed to generate curve25519 keys", "lnx_sshd_exploit_cve_2023_2283_libssh_authentication_bypass.yml" },
        { "auth", "pkexec[1]: bob: The value for environment variable XAUTHORITY contains suspicious content [USER=root] [TTY=/dev/pts/0] [CWD=/]", "lnx_auth_exploit_cve_2021_4034_pwnkit_lpe.yml" },
        { "auth", "sudo:   bob : TTY=pts/0 ; PWD=/home/bob ; USER=#-1 ; COMMAND=/bin/bash", "lnx_sudo_exploit_cve_2019_14287.yml" },
        { "syslog", "systemd[1]: stopping iptables", "lnx_syslog_security_tools_disabling_syslog.yml" },
        { "syslog", "named[1]: client 10.0.0.1#4: denied AXFR from here", "lnx_syslog_susp_named.yml" },
        { "syslog", "crontab[9]: (root) REPLACE (root)", "lnx_cron_crontab_file_modification.yml" },
        { "syslog", "guacd[9]: User \"@x\" joined connection (2 users now present)", "lnx_guacamole_susp_guacamole.yml" },
        { "vsftpd", "Tue Mar  3 15:30:25 2026 [pid 2] FTP response: \"500 Bad HTTP verb.\"", "lnx_vsftpd_susp_error_messages.yml" },
        { "clamav", "Tue Mar  3 15:30:25 2026 -> /tmp/x: Unix.Trojan.Mirai-1 FOUND", "lnx_clamav_relevant_message.yml" },
        { "auth", "useradd[1337]: new user: name=butter, UID=0, GID=0, home=/root, shell=/bin/bash", "lnx_privileged_user_creation.yml" },
        { "syslog", "kernel: [12.5] device eth0 entered promiscuous mode", "lnx_shell_susp_log_entries.yml" },
        { "syslog", "kernel: bash[1] is installing a program with bpf_probe_write_user helper that may corrupt user memory!", "lnx_potential_susp_ebpf_activity.yml" },
        { "syslog", "app[1]: *** stack smashing detected ***: terminated", "lnx_buffer_overflows.yml" },
        { "auth", "sudo:   bob : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/tee /etc/ld.so.preload", "lnx_ldso_preload_injection.yml" },
        { "auditd", "type=EXECVE msg=audit(1481076992.414:385): argc=3 a0=\"chmod\" a1=\"777\" a2=\"/x\"", "lnx_auditd_susp_cmds.yml" },
        { "auditd", "type=SYSCALL msg=audit(1481076992.414:385): arch=c000003e syscall=99 success=yes pid=4 comm=\"x\" exe=\"/bin/x\"", "lnx_auditd_susp_discovery_sysinfo_syscall.yml" },
        { "auditd", "type=PATH msg=audit(1481076992.414:385): item=0 name=\"/etc/ld.so.preload\" nametype=NORMAL", "lnx_auditd_ld_so_preload_mod.yml" },
        { "auditd", "type=SERVICE_STOP msg=audit(1481076992.414:385): pid=1 uid=0 msg='unit=firewalld comm=\"systemd\" res=success'", "lnx_auditd_disable_system_firewall.yml" },
        { "auditd", "type=ADD_USER msg=audit(1481076992.414:385): pid=1 uid=0 msg='op=add-user acct=\"x\" res=success'", "lnx_auditd_create_account.yml" },
        { "auditd", "type=SYSCALL msg=audit(1481076992.414:385): arch=c000003e syscall=59 euid=33 pid=4 comm=\"sh\" exe=\"/bin/sh\"", "lnx_auditd_web_rce.yml" },
        { "auditd", "type=SYSCALL msg=audit(1481076992.414:385): arch=c000003e syscall=135 a0=40000 pid=4 comm=\"x\" exe=\"/bin/x\"", "lnx_auditd_disable_aslr_protection.yml" },
        { "auditd", "type=SYSCALL msg=audit(1481076992.414:385): arch=c000003e syscall=59 pid=4 comm=\"x\" exe=\"/bin/x\" key=737573705F61637469766974790178", "lnx_auditd_susp_c2_commands.yml" },
    };

    [Theory]
    [MemberData(nameof(Meant))]
    public void SigmaHQs_rule_fires_on_the_line_that_it_is_meant_for(string service, string line, string rule)
    {
        var root = Corpora.Require("sigma-rules");
        var file = Assert.Single(Directory.EnumerateFiles(root, rule, SearchOption.AllDirectories));
        var engine = SigmaEngine.Build(SigmaRuleSet.Load([file]).Rules);
        var plain = service is "auditd" or "vsftpd" or "clamav";
        var sink = new RecordingSink();

        engine.Evaluate(Record(service, plain ? line : Syslog + line).View(0), sink);

        Assert.Single(sink.Matches);
    }

    private static SigmaEngine Engine(string source)
    {
        var rules = SigmaRuleSet.Parse($"title: t\nlogsource: {{{source}}}\ndetection:\n  a: [needle]\n  condition: a\n", "r.yml");
        Assert.Empty(rules.Errors);
        return SigmaEngine.Build(rules.Rules);
    }
}
