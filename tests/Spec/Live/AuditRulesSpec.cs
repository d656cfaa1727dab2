using System.Runtime.Versioning;
using Picket.Detection.Sigma;

namespace Picket.Spec.Live;

/// <summary>SigmaHQ's rules for auditd, on a host without auditd: each fires by a harmless action under the real kernel.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class AuditRulesSpec
{
    /// <summary>About what only auditd's own log says.</summary>
    private static readonly string[] OfTheLogAlone = ["lnx_auditd_disable_system_firewall.yml"];

    /// <summary>About files that are made, which an execution is not.</summary>
    private static readonly string[] OfFiles = ["lnx_auditd_systemd_service_creation.yml"];

    /// <summary>What makes each rule fire: a word for what is done, then its arguments.</summary>
    private static readonly Dictionary<string, string[]> Actions = new(StringComparer.Ordinal)
    {
        ["lnx_auditd_exploit_cve_2026_31431_af_alg_socket_creation.yml"] = ["call", "prog", "alg"],
        ["lnx_auditd_audio_capture.yml"] = ["run", "arecord", "-vv", "-fdat"],
        ["lnx_auditd_split_file_into_pieces.yml"] = ["run", "split"],
        ["lnx_auditd_network_service_scanning.yml"] = ["call", "nmap", "connect"],
        ["lnx_auditd_susp_special_file_creation_via_mknod_syscall.yml"] = ["call", "prog", "mknod", "FOLDER/fifo"],
        ["lnx_auditd_web_rce.yml"] = ["call", "prog", "as33", "/bin/true"],
        ["lnx_auditd_susp_discovery_sysinfo_syscall.yml"] = ["call", "prog", "sysinfo"],
        ["lnx_auditd_create_account.yml"] = ["run", "useradd"],
        ["lnx_auditd_clean_disable_dmesg_logs_via_syslog.yml"] = ["call", "prog", "klog"],
        ["lnx_auditd_susp_exe_folders.yml"] = ["run", "anything"],
        ["lnx_auditd_load_module_insmod.yml"] = ["call", "prog", "at", "/usr/bin/kmod", "FOLDER/nothing", "/usr/bin/insmod"],
        ["lnx_auditd_susp_c2_commands.yml"] = ["call", "prog", "at", "/usr/bin/wget", "FOLDER/nothing"],
        ["lnx_auditd_system_info_discovery.yml"] = ["run", "uname"],
        ["lnx_auditd_keylogging_with_pam_d.yml"] = ["at", "/etc/pam.d/system-auth"],
        ["lnx_auditd_disable_aslr_protection.yml"] = ["run", "sysctl", "-w", "kernel.randomize_va_space=0"],
        ["lnx_auditd_data_compressed.yml"] = ["run", "tar", "-cf", "x"],
        ["lnx_auditd_clipboard_image_collection.yml"] = ["run", "xclip", "-sel", "clip", "-t", "image/png", "-o"],
        ["lnx_auditd_masquerading_crond.yml"] = ["run", "cp", "/bin/sh", "/nowhere/crond"],
        ["lnx_auditd_screencaputre_xwd.yml"] = ["run", "xwd", "-root", "-out", "x.xwd"],
        ["lnx_auditd_dd_delete_file.yml"] = ["run", "dd", "if=/dev/zero"],
        ["lnx_auditd_steghide_embed_steganography.yml"] = ["run", "steghide", "embed", "-cf", "a", "-ef", "b"],
        ["lnx_auditd_hidden_files_directories.yml"] = ["run", "touch", ".hidden"],
        ["lnx_auditd_chattr_immutable_removal.yml"] = ["run", "chattr", "-i", "x"],
        ["lnx_auditd_unzip_hidden_zip_files_steganography.yml"] = ["run", "unzip", "x.jpg"],
        ["lnx_auditd_capabilities_discovery.yml"] = ["run", "getcap", "-r", "/"],
        ["lnx_auditd_change_file_time_attr.yml"] = ["run", "touch", "-t", "01010000", "x"],
        ["lnx_auditd_steghide_extract_steganography.yml"] = ["run", "steghide", "extract", "-sf", "x.jpg"],
        ["lnx_auditd_network_sniffing.yml"] = ["run", "tshark", "-c", "1", "-i"],
        ["lnx_auditd_susp_cmds.yml"] = ["run", "chmod", "777", "x"],
        ["lnx_auditd_modify_system_firewall.yml"] = ["run", "ufw", "delete"],
        ["lnx_auditd_bpfdoor_port_redirect.yml"] = ["run", "iptables", "-t", "nat", "-A", "PREROUTING", "--to-ports", "42391"],
        ["lnx_auditd_coinminer.yml"] = ["run", "miner", "x", "--cpu-priority=5"],
        ["lnx_auditd_find_cred_in_files.yml"] = ["run", "grep", "password", "x"],
        ["lnx_auditd_screencapture_import.yml"] = ["run", "import", "x.png"],
        ["lnx_auditd_susp_service_reload_or_restart.yml"] = ["run", "systemctl", "restart", "x"],
        ["lnx_auditd_user_discovery.yml"] = ["run", "whoami"],
        ["lnx_auditd_system_shutdown_reboot.yml"] = ["run", "poweroff"],
        ["lnx_auditd_file_or_folder_permissions.yml"] = ["run", "chown", "x"],
        ["lnx_auditd_clipboard_collection.yml"] = ["run", "xclip", "-selection", "clipboard", "-o"],
        ["lnx_auditd_hidden_zip_files_steganography.yml"] = ["run", "cat", "x.png", "x.zip"],
        ["lnx_auditd_susp_histfile_operations.yml"] = ["run", "rm", "/nowhere/.bash_history"],
        ["lnx_auditd_data_exfil_wget.yml"] = ["run", "wget", "--post-file=x"],
        ["lnx_auditd_binary_padding.yml"] = ["run", "truncate", "-s", "+1"],
        ["lnx_auditd_password_policy_discovery.yml"] = ["run", "chage", "-l"],
        ["lnx_auditd_ld_so_preload_mod.yml"] = ["at", "/etc/ld.so.preload"],
        ["lnx_auditd_magic_system_request_key.yml"] = ["at", "/etc/sysctl.conf"],
        ["lnx_auditd_auditing_config_change.yml"] = ["at", "/etc/audit/auditd.conf"],
        ["lnx_auditd_logging_config_change.yml"] = ["at", "/etc/rsyslog.conf"],
        ["lnx_auditd_bpfdoor_file_accessed.yml"] = ["at", "/var/run/auditd.lock"],
        ["lnx_auditd_system_info_discovery2.yml"] = ["at", "/etc/issue"],
        ["lnx_auditd_unix_shell_configuration_modification.yml"] = ["at", "/etc/profile.d/x.sh"],
        ["lnx_auditd_hidden_binary_execution.yml"] = ["run", ".hidden/tool"],
    };

    [Fact]
    public async Task Each_rule_for_auditd_that_the_view_feeds_fires_on_its_own_action()
    {
        var files = RuleFiles();
        var rules = Directory.CreateTempSubdirectory("picket-auditd-rules-").FullName;
        try
        {
            foreach (var file in files) File.Copy(file, Path.Combine(rules, Path.GetFileName(file)));
            await using var node = await LiveNode.StartAsync(rules);
            var stage = Path.Combine(node.Folder, "prog");
            Compile(stage);
            File.Copy(stage, Path.Combine(node.Folder, "nmap"));
            node.Tool("nothing");
            var played = new List<(string Rule, string Id, int Pid)>();
            foreach (var rule in SigmaRuleSet.Load([rules], new SigmaLoadOptions()).Rules)
            {
                var name = Path.GetFileName(rule.Alert.File!);
                if (OfTheLogAlone.Contains(name) || OfFiles.Contains(name)) continue;
                played.Add((name, rule.Id, Play(node, Actions[name])));
            }

            // What was executed before the sentinel was seen before it; the drain brings what other shards still had under way.
            var last = played.Single(one => one.Rule == "lnx_auditd_user_discovery.yml");
            await node.AlertAsync(last.Id, node.Run("whoami"));
            Assert.True(await node.StopAsync(), "not all that was under way arrived");
            Assert.Equal(0, node.Host.Counters.Lost);
            Assert.Equal(0, node.Host.Counters.Failed);
            var alerts = node.Alerts();
            var silent = played.Where(one => !alerts.Any(alert => LiveNode.IsOf(alert, one.Id, one.Pid))).Select(one => one.Rule).ToList();
            Assert.True(silent.Count == 0, $"{silent.Count} of {played.Count} did not fire: {string.Join(' ', silent)}");
            Assert.Equal(files.Count - OfTheLogAlone.Length - OfFiles.Length, played.Count);
            var some = alerts.First(alert => LiveNode.IsOf(alert, last.Id, last.Pid));
            Assert.Equal("kernel", some.GetProperty("picket").GetProperty("audit").GetProperty("source").GetString());
            Assert.EndsWith("/whoami", some.GetProperty("process").GetProperty("executable").GetString(), StringComparison.Ordinal);
            Assert.Empty(alerts.SelectMany(EcsList.Strangers).Distinct());
        }
        finally
        {
            Directory.Delete(rules, true);
        }
    }

    private static int Play(LiveNode node, string[] action)
    {
        string[] arguments = [.. action.Skip(1).Select(word => word.Replace("FOLDER", node.Folder, StringComparison.Ordinal))];
        return action[0] switch
        {
            "run" => node.Run(arguments[0], arguments[1..]),
            "at" => Spawn.Run(Path.Combine(node.Folder, "prog"), ["prog", "at", arguments[0], Path.Combine(node.Folder, "nothing")], null, node.Folder),
            _ => Spawn.Run(Path.Combine(node.Folder, arguments[0]), arguments, null, node.Folder),
        };
    }

    private static void Compile(string path)
    {
        var source = Path.Combine(Corpora.Root, "tests", "Spec", "Live", "audit.c");
        using var compiler = System.Diagnostics.Process.Start("clang", ["-O1", "-Wall", "-Werror", source, "-o", path]);
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
    }

    private static List<string> RuleFiles() => [.. Directory.EnumerateFiles(Corpora.Require("sigma-rules"), "*.yml", SearchOption.AllDirectories)
        .Where(file => File.ReadLines(file).Any(line => line.Trim() == "service: auditd")).Order()];
}
