using System.Diagnostics;
using System.Runtime.Versioning;
using Picket.Detection.Sigma;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>
/// Published rules about files against real files. They lie on file systems in memory that a mount namespace of their own hides the
/// host's folders with, so that nothing of the host is touched.
/// </summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class FileRulesSpec
{
    /// <summary>The program's name and the file that it makes, for each rule's file name.</summary>
    private static readonly Dictionary<string, (string Program, string Path)> Deeds = new(StringComparer.Ordinal)
    {
        ["file_event_lnx_doas_conf_creation.yml"] = ("touch", "/etc/doas.conf"),
        ["file_event_lnx_persistence_sudoers_files.yml"] = ("touch", "/etc/sudoers.d/extra"),
        ["file_event_lnx_susp_cron_file_created.yml"] = ("touch", "/etc/cron.d/extra"),
        ["file_event_lnx_susp_filename_with_embedded_base64_command.yml"] = ("touch", "/tmp/a{echo,x}b"),
        ["file_event_lnx_susp_shell_script_under_profile_directory.yml"] = ("touch", "/etc/profile.d/extra.sh"),
        ["file_event_lnx_triple_cross_rootkit_lock_file.yml"] = ("touch", "/tmp/rootlog"),
        ["file_event_lnx_triple_cross_rootkit_persistence.yml"] = ("touch", "/etc/sudoers.d/ebpfbackdoor"),
        ["file_event_lnx_wget_download_file_in_tmp_dir.yml"] = ("wget", "/tmp/loaded"),
        ["file_event_lnx_cron_persistence.yml"] = ("touch", "/etc/crontab"),
        ["file_event_lnx_history_tamper.yml"] = ("touch", "/root/.bash_history"),
        ["file_event_lnx_ldso_preload_hijack.yml"] = ("touch", "/etc/ld.so.preload"),
        ["file_event_lnx_shell_profile_persistence.yml"] = ("touch", "/root/.bashrc"),
        ["file_event_lnx_ssh_authorized_keys.yml"] = ("touch", "/root/.ssh/authorized_keys"),
        ["file_event_lnx_sshd_config_tamper.yml"] = ("touch", "/etc/ssh/sshd_config"),
        ["file_event_lnx_sudoers_tamper.yml"] = ("touch", "/etc/sudoers"),
        ["file_event_lnx_systemd_persistence.yml"] = ("touch", "/etc/systemd/system/extra.service"),
        ["file_event_lnx_udev_persistence.yml"] = ("touch", "/etc/udev/rules.d/99-extra.rules"),
        ["file_event_lnx_webshell_write.yml"] = ("nginx", "/var/www/shell.php"),
    };

    [Fact]
    public async Task Each_published_rule_about_files_fires_on_the_real_file()
    {
        string[] sources = [Path.Combine(Corpora.Require("sigma-rules"), "rules/linux/file_event"), Path.Combine(Corpora.Require("sigma-tests"), "rustinel-rules/rules/sigma/linux")];
        var files = sources.SelectMany(folder => Directory.GetFiles(folder, "file_event_lnx_*.yml")).ToList();
        Assert.Equal(Deeds.Keys.Order(StringComparer.Ordinal), files.Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        using var probe = new Probe();
        var rules = Path.Combine(probe.Folder, "rules");
        Directory.CreateDirectory(rules);
        foreach (var file in files) File.Copy(file, Path.Combine(rules, Path.GetFileName(file)));
        var ids = SigmaRuleSet.Load([rules]).Rules.ToDictionary(rule => Path.GetFileName(rule.File), rule => rule.Id);
        var program = CProgram.Compile("files", probe.Folder, "-pthread");

        await using var node = await LiveNode.StartAsync(rules);
        foreach (var (file, (name, path)) in Deeds)
        {
            var tool = Path.Combine(probe.Folder, name);
            if (!File.Exists(tool)) File.Copy(program, tool);
            List<string> words = ["unshare"];
            foreach (var folder in new[] { "/etc", "/tmp", "/root", "/var" }) words.AddRange(["tmpfs", folder]);
            var parts = path.Split('/');
            for (var depth = 3; depth < parts.Length; depth++) words.AddRange(["mkdirat", ".", string.Join('/', parts.Take(depth))]);
            var pid = Run(tool, [.. words, "open", "wc", path]);

            var alert = await node.AlertAsync(ids[file], pid);
            var about = alert.GetProperty("file");
            Assert.Equal(path, about.GetProperty("path").GetString());
            Assert.Equal(Path.GetFileName(path), about.GetProperty("name").GetString());
            Assert.Equal(Path.GetDirectoryName(path), about.GetProperty("directory").GetString());
            Assert.Equal(("file", "0640", "0", "0", 0), (about.GetProperty("type").GetString(), about.GetProperty("mode").GetString(),
                about.GetProperty("uid").GetString(), about.GetProperty("gid").GetString(), about.GetProperty("size").GetInt32()));
            Assert.Matches("^0:[0-9]+$", about.GetProperty("device").GetString());
            Assert.Equal(tool, alert.GetProperty("process").GetProperty("executable").GetString());
            var deed = alert.GetProperty("event");
            Assert.Equal(("file", "creation", "creation"), (deed.GetProperty("category")[0].GetString(), deed.GetProperty("type")[0].GetString(),
                deed.GetProperty("action").GetString()));
            Assert.Equal("dentry", alert.GetProperty("picket").GetProperty("file").GetProperty("path_source").GetString());
            Assert.Empty(EcsList.Strangers(alert));
        }

        Assert.True(await node.StopAsync(), "not all that was under way arrived");
        Assert.Equal(0, node.Host.Counters.Lost);
        Assert.Equal(0, node.Host.Counters.Failed);
        Assert.False(File.Exists("/tmp/rootlog"));
    }

    private static int Run(string tool, IReadOnlyList<string> words)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, words) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"word {process.ExitCode} of {string.Join(' ', words)}: {error}");
        return process.Id;
    }
}
