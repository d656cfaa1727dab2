using System.Diagnostics;
using Picket.Detection.Events;

namespace Picket.Spec.Ebpf;

/// <summary>Threads are not processes: neither their forks, nor their exits, nor an exec by one of them makes another process.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ThreadSpec : IDisposable
{
    private readonly LiveRing _ring = LiveRing.Private();
    private readonly Probe _probe = new();
    private readonly string _threads;

    public ThreadSpec()
    {
        _threads = Path.Combine(_probe.Folder, "threads");
        var source = Path.Combine(Corpora.Root, "tests", "Spec", "Ebpf", "threads.c");
        using var compiler = Process.Start(new ProcessStartInfo("clang", ["-O1", "-static", "-nostdlib", "-ffreestanding", "-fno-stack-protector", source, "-o", _threads])
            { RedirectStandardError = true })!;
        var error = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, error);
    }

    public void Dispose()
    {
        _ring.Dispose();
        _probe.Dispose();
    }

    [Fact]
    public void A_program_executed_by_a_thread_keeps_the_process()
    {
        var (pid, code) = _probe.Run(_threads, ["exec", _probe.Path]);
        Assert.Equal(0, code);
        var (fork, exec, exit) = _ring.LifeOf(pid, "by-thread");
        Assert.Equal(_probe.Path, exec[Fields.Image]);
        Assert.Equal(fork.Key, exec.Key);
        Assert.Single(_ring.Read(e => e.Key == exec.Key && e.Kind == EventKind.ProcessFork));
        Assert.Equal(2, _ring.Read(e => e.Key == exec.Key && e.Kind == EventKind.ProcessCreation).Count);
        Assert.Single(_ring.Read(e => e.Key == exit.Key && e.Kind == EventKind.ProcessTermination));
    }

    [Fact]
    public void Threads_that_exit_together_end_their_process_once()
    {
        var keys = new HashSet<ProcessKey>();
        for (var i = 0; i < 60; i++)
        {
            var (pid, code) = _probe.Run(_threads);
            // The leader's 5 or a thread's 0, whichever left last: newer kernels give the process the last one's.
            Assert.Contains(code, (int[])[0, 5]);
            var life = _ring.LifeOf(pid, _threads);
            Assert.Equal(code, life.Exit.Detail.ExitCode);
            keys.Add(life.Exec.Key);
        }

        Assert.Equal(60, keys.Count);
        Assert.Equal(60, _ring.Read(e => e.Kind == EventKind.ProcessTermination && keys.Contains(e.Key)).Count);
        Assert.Equal(60, _ring.Read(e => e.Kind == EventKind.ProcessFork && keys.Contains(e.Key)).Count);
    }
}
