using System.Diagnostics;
using System.Globalization;
using System.Text;
using Picket.Node.Demo;

namespace Picket.Node.Bench.Sensors;

/// <summary>bpftrace with a script that prints a line for each event of the same work.</summary>
internal sealed class BpftraceContender() : Contender("bpftrace")
{
    private const string Program = "/usr/bin/bpftrace";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Each line begins with the kind, so that it can be counted.</summary>
    private const string Script = """
        BEGIN { $i = 0; while ($i < 256) { printf("ready %s\n", "to be written out, since a file gets whole buffers only"); $i++; } }
        tracepoint:sched:sched_process_exec { printf("exec %llu %d %s\n", nsecs, pid, str(args->filename)); }
        tracepoint:sched:sched_process_fork { printf("exec %llu %d %d\n", nsecs, args->parent_pid, args->child_pid); }
        tracepoint:sched:sched_process_exit { printf("exec %llu %d\n", nsecs, pid); }
        tracepoint:syscalls:sys_enter_openat { if (args->flags & 64) { printf("file %llu %d %s\n", nsecs, pid, str(args->filename)); } }
        tracepoint:syscalls:sys_enter_rename { printf("file %llu %d %s %s\n", nsecs, pid, str(args->oldname), str(args->newname)); }
        tracepoint:syscalls:sys_enter_unlink { printf("file %llu %d %s\n", nsecs, pid, str(args->pathname)); }
        tracepoint:syscalls:sys_exit_connect { printf("tcp %llu %d %d\n", nsecs, pid, args->ret); }
        tracepoint:syscalls:sys_exit_accept4 { printf("tcp %llu %d %d\n", nsecs, pid, args->ret); }
        tracepoint:syscalls:sys_enter_sendto { printf("dns %llu %d %d\n", nsecs, pid, args->len); }
        tracepoint:syscalls:sys_exit_recvfrom { printf("dns %llu %d %d\n", nsecs, pid, args->ret); }
        """;

    private static readonly string[] Places = ["/sys/kernel/debug/tracing/events", "/sys/kernel/tracing/events"];

    private Process? _process;
    private string _output = "";

    /// <inheritdoc/>
    public override string? Missing => !File.Exists(Program) ? "bpftrace is not installed"
        : !Places.Any(Directory.Exists) ? "tracefs is not mounted" : null;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Processes => [_process!.Id];

    /// <inheritdoc/>
    public override async Task StartAsync(string folder)
    {
        var script = Path.Combine(folder, "events.bt");
        _output = Path.Combine(folder, "bpftrace.out");
        await File.WriteAllTextAsync(script, Script);
        var start = new ProcessStartInfo(Program, ["-o", _output, script]) { RedirectStandardError = true };
        start.Environment["BPFTRACE_PERF_RB_PAGES"] = "1024";
        start.Environment["BPFTRACE_STRLEN"] = "128";
        _process = Process.Start(start)!;
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!Lines().Any(line => line.StartsWith("ready", StringComparison.Ordinal)))
        {
            if (_process.HasExited) throw new IOException($"bpftrace did not begin: {await _process.StandardError.ReadToEndAsync()}");
            if (TimeProvider.System.GetElapsedTime(began) > Patience) throw new IOException($"bpftrace was not ready after {Patience}");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <inheritdoc/>
    public override Task<Tally> TallyAsync(StormKind kind)
    {
        var (seen, lost) = (0L, 0L);
        foreach (var line in Lines())
        {
            if (line.StartsWith(kind.Name, StringComparison.Ordinal)) seen++;
            else if (line.Split(' ') is ["Lost", var number, ..]) lost += long.Parse(number, CultureInfo.InvariantCulture);
        }

        return Task.FromResult(new Tally(seen, lost, 0, 0));
    }

    /// <inheritdoc/>
    public override async Task StopAsync()
    {
        if (_process is null) return;
        using var process = _process;
        _process = null;
        Signals.Interrupt(process.Id);
        await process.WaitForExitAsync();
    }

    private IEnumerable<string> Lines()
    {
        if (!File.Exists(_output)) yield break;
        using var stream = new FileStream(_output, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        while (reader.ReadLine() is { } line) yield return line;
    }
}
