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
        _threads = CProgram.Compile("threads", _probe.Folder, "-static", "-nostdlib", "-ffreestanding", "-fno-stack-protector");
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
        const int Runs = 1500;
        var (_, code) = _probe.Shell($"for ((i = 0; i < {Runs}; i++)); do ./threads; done; exit 0");
        Assert.Equal(0, code);
        var execs = _ring.WaitFor("programs with threads", e => e.Kind == EventKind.ProcessCreation && e[Fields.Image] == _threads, Runs);
        var keys = execs.Select(e => e.Key).ToHashSet();
        Assert.Equal(Runs, keys.Count);
        _ring.WaitFor("their exits", e => e.Kind == EventKind.ProcessTermination && keys.Contains(e.Key), Runs);
        var ends = _ring.Read(e => e.Kind == EventKind.ProcessTermination && keys.Contains(e.Key));
        Assert.Equal(Runs, ends.Count);
        Assert.Equal(Runs, ends.Select(e => e.Key).Distinct().Count());
        Assert.Equal(Runs, _ring.Read(e => e.Kind == EventKind.ProcessFork && keys.Contains(e.Key)).Count);
    }
}
