using System.Diagnostics;
using System.Globalization;
using System.Text;
using Picket.Node.Demo;

namespace Picket.Node.Bench.Sensors;

/// <summary>
/// Linux's audit daemon with rules for the same work, as Debian packages it. It has the kernel's audit to itself: where somebody
/// else uses that, it takes no part.
/// </summary>
/// <remarks>
/// Once audit was on, the kernel follows every process's system calls for ever, at a price. So a rule that says "task,never" is
/// set whenever the daemon is not measured, and stays behind.
/// </remarks>
internal sealed class AuditdContender() : Contender("auditd")
{
    private const string Daemon = "/sbin/auditd";
    private const string Control = "/sbin/auditctl";
    private const string Key = "picket-bench";
    private const string FileCalls = "open,openat,creat,rename,renameat,renameat2,unlink,unlinkat";

    private Process? _process;
    private string _log = "";

    /// <inheritdoc/>
    public override string? Missing
    {
        get
        {
            if (!File.Exists(Daemon) || !File.Exists(Control)) return "auditd is not installed";
            var status = Ask("-s");
            if (status is null || Status(status, "pid") != 0) return "the kernel's audit is in use, or this process may not use it";
            var rules = Ask("-l") ?? "";
            return rules.StartsWith("No rules", StringComparison.Ordinal) || rules.Trim() == "-a never,task" ? null
                : "the kernel has audit rules of somebody else";
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Processes => [_process!.Id, .. KernelThread()];

    /// <inheritdoc/>
    public override bool Watches(StormKind kind) => kind.Name != "dns";

    /// <inheritdoc/>
    public override async Task StartAsync(string folder)
    {
        _log = Path.Combine(folder, "audit.log");
        await File.WriteAllTextAsync(Path.Combine(folder, "auditd.conf"),
            $"log_file = {_log}\nlocal_events = yes\nwrite_logs = yes\nlog_format = RAW\nlog_group = root\nflush = INCREMENTAL_ASYNC\n"
            + "freq = 50\nmax_log_file = 4000\nnum_logs = 2\nmax_log_file_action = ROTATE\nspace_left = 75\nspace_left_action = IGNORE\n"
            + "admin_space_left = 50\nadmin_space_left_action = IGNORE\ndisk_full_action = IGNORE\ndisk_error_action = IGNORE\n"
            + "name_format = NONE\npriority_boost = 4\nq_depth = 2000\noverflow_action = SYSLOG\n");
        _process = Process.Start(Quiet(Daemon, "-n", "-c", folder))!;
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Status(Ask("-s") ?? "", "pid") != _process.Id)
        {
            if (_process.HasExited || TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(10))
                throw new IOException($"auditd did not begin: {(_process.HasExited ? await _process.StandardError.ReadToEndAsync() : "")}");
            await timer.WaitForNextTickAsync();
        }

        Ask("-D");
        foreach (var rule in (string[])
            [
                // The rules file as Debian ships it: the workload waits where the daemon does not keep up.
                "-b 8192", "--backlog_wait_time 60000", "-e 1",
                $"-a always,exit -F arch=b64 -S execve,execveat -k {Key}",
                $"-a always,exit -F arch=b64 -F dir={BenchPrograms.Ground} -F perm=wa -S {FileCalls} -k {Key}",
                $"-a always,exit -F arch=b64 -S connect,accept,accept4 -k {Key}",
            ])
        {
            if (Ask(rule.Split(' ')) is null) throw new IOException($"auditctl {rule} was refused");
        }
    }

    /// <inheritdoc/>
    public override Task<Tally> TallyAsync(StormKind kind)
    {
        var seen = 0L;
        var mark = $"key=\"{Key}\"";
        foreach (var line in File.ReadLines(_log, Encoding.Latin1))
        {
            if (line.StartsWith("type=SYSCALL", StringComparison.Ordinal) && line.Contains(mark, StringComparison.Ordinal)) seen++;
        }

        return Task.FromResult(new Tally(seen, Status(Ask("-s") ?? "", "lost"), 0, 0));
    }

    /// <inheritdoc/>
    public override async Task StopAsync()
    {
        if (_process is null) return;
        using var process = _process;
        _process = null;
        Ask("-D");
        Ask("-a", "task,never");
        Ask("-e", "0");
        Signals.Terminate(process.Id);
        await process.WaitForExitAsync();
    }

    /// <summary>What the kernel does on the daemon's behalf: it hands the records over.</summary>
    private static IEnumerable<int> KernelThread()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid)) continue;
            string name;
            try
            {
                name = File.ReadAllText(Path.Combine(folder, "comm"));
            }
            catch (IOException)
            {
                continue;
            }

            if (name == "kauditd\n") yield return pid;
        }
    }

    private static long Status(string text, string name)
    {
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split(' ');
            if (words is [var first, var value] && first == name) return long.Parse(value, CultureInfo.InvariantCulture);
        }

        return -1;
    }

    /// <summary>What auditctl answers; null when it refuses.</summary>
    private static string? Ask(params string[] arguments)
    {
        using var process = Process.Start(Quiet(Control, arguments))!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : null;
    }

    private static ProcessStartInfo Quiet(string program, params string[] arguments) =>
        new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
}
