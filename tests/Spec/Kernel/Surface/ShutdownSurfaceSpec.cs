using Picket.Actors;
using Picket.Hocon;

namespace Picket.Spec.Kernel.Surface;

/// <summary>Coordinated termination.</summary>
public sealed class ShutdownSurfaceSpec : SurfaceSpec
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private sealed class Lasting : ReceiveActor
    {
        private readonly Mail _mail;

        public Lasting(Mail mail)
        {
            _mail = mail;
            Receive<string>(s =>
            {
                mail.Add(s);
                Context.Stop(Self);
            });
        }

        protected override void PostStop() => _mail.Add("stopped " + Self.Path.Name);
    }

    [Fact]
    public async Task Phases_run_in_the_order_of_their_dependencies_and_end_the_system()
    {
        var mail = new Mail();
        var shutdown = CoordinatedShutdown.Get(Sys);
        Assert.Same(shutdown, CoordinatedShutdown.Get(Sys));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)),
            (shutdown.Timeout(CoordinatedShutdown.PhaseServiceStop), shutdown.TotalTimeout));
        foreach (var phase in (string[])[CoordinatedShutdown.PhaseBeforeActorSystemTerminate, CoordinatedShutdown.PhaseServiceStop,
            CoordinatedShutdown.PhaseBeforeServiceUnbind, CoordinatedShutdown.PhaseServiceUnbind])
        {
            shutdown.AddTask(phase, "say", async () =>
            {
                await Task.Yield();
                mail.Add(phase);
                return Done.Instance;
            });
        }

        var stopped = Sys.ActorOf(Props.Create(() => new Lasting(mail)), "a");
        var told = Sys.ActorOf(Props.Create(() => new Lasting(mail)), "b");
        Sys.ActorOf(Props.Create(() => new Lasting(mail)), "c");
        shutdown.AddActorTerminationTask(CoordinatedShutdown.PhaseServiceRequestsDone, "a", stopped);
        shutdown.AddActorTerminationTask(CoordinatedShutdown.PhaseBeforeClusterShutdown, "b", told, "bye");
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "add", () =>
        {
            shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "late", () =>
            {
                mail.Add("late");
                return Task.FromResult(Done.Instance);
            });
            return Task.FromResult(Done.Instance);
        });
        Assert.Null(shutdown.ShutdownReason);
        var first = shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        Assert.Same(first, shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance));
        Assert.Same(Done.Instance, await first.WaitAsync(Patience, _ct));
        Assert.Same(CoordinatedShutdown.UnknownReason.Instance, shutdown.ShutdownReason);
        Assert.True(Sys.WhenTerminated.IsCompletedSuccessfully);
        await mail.Next("before-service-unbind", "service-unbind", "stopped a", "service-stop", "bye", "stopped b", "late",
            "before-actor-system-terminate", "stopped c");
    }

    [Fact]
    public async Task Terminate_runs_the_phases()
    {
        var shutdown = CoordinatedShutdown.Get(Sys);
        var ran = false;
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "say", () =>
        {
            ran = !Sys.WhenTerminated.IsCompleted;
            return Task.FromResult(Done.Instance);
        });
        await Sys.Terminate().WaitAsync(Patience, _ct);
        Assert.True(ran);
        Assert.Same(CoordinatedShutdown.ActorSystemTerminateReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task A_run_can_begin_at_a_later_phase()
    {
        var mail = new Mail();
        var shutdown = CoordinatedShutdown.Get(Sys);
        foreach (var phase in (string[])[CoordinatedShutdown.PhaseServiceStop, CoordinatedShutdown.PhaseClusterExiting])
            shutdown.AddTask(phase, "say", () => { mail.Add(phase); return Task.FromResult(Done.Instance); });
        Assert.Throws<ArgumentException>(() => { _ = shutdown.Run(CoordinatedShutdown.UnknownReason.Instance, "no-such-phase"); });
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance, CoordinatedShutdown.PhaseClusterShutdown).WaitAsync(Patience, _ct);
        mail.Add("end");
        await mail.Next("end");
    }

    [Fact]
    public async Task A_phase_that_recovers_goes_on_and_one_that_does_not_ends_the_run()
    {
        var system = Make("""
            akka.coordinated-shutdown {
              terminate-actor-system = off, run-by-actor-system-terminate = off
              phases { service-stop.timeout = 1ms, cluster-leave.recover = off }
            }
            """);
        var shutdown = CoordinatedShutdown.Get(system);
        var mail = new Mail();
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "throws", () => throw new InvalidOperationException("at once"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails", () => Task.FromException<Done>(new InvalidOperationException("later")));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "hangs", () => new TaskCompletionSource<Done>().Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "fatal", () => Task.FromException<Done>(new InvalidOperationException("fatal")));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExiting, "never", () => { mail.Add("never"); return Task.FromResult(Done.Instance); });
        var run = shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        Assert.Equal("fatal", (await Assert.ThrowsAsync<InvalidOperationException>(() => run.WaitAsync(Patience, _ct))).Message);
        Assert.False(system.WhenTerminated.IsCompleted);
        await system.Terminate().WaitAsync(Patience, _ct);
        mail.Add("end");
        await mail.Next("end");
    }

    [Theory]
    [InlineData("phases.service-unbind.depends-on = [service-stop]", "circle")]
    [InlineData("phases.service-unbind.depends-on = [nowhere]", "nowhere")]
    [InlineData("terminate-actor-system = off", "run-by-actor-system-terminate")]
    public void Phases_that_cannot_run_are_refused(string hocon, string says)
    {
        using var system = Make($"akka.coordinated-shutdown {{ {hocon} }}");
        Assert.Contains(says, Assert.Throws<ConfigurationException>(() => CoordinatedShutdown.Get(system)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_needs_a_phase_that_exists() => Assert.Throws<ConfigurationException>(
        () => CoordinatedShutdown.Get(Sys).AddTask("nowhere", "task", () => Task.FromResult(Done.Instance)));

    [Fact]
    public async Task Phases_can_be_added_by_configuration()
    {
        var system = Make("""
            akka.coordinated-shutdown.phases { mine { depends-on = [service-stop], timeout = 7s }, cluster-leave.depends-on = [mine] }
            """);
        var shutdown = CoordinatedShutdown.Get(system);
        Assert.Equal(TimeSpan.FromSeconds(7), shutdown.Timeout("mine"));
        var mail = new Mail();
        foreach (var phase in (string[])["cluster-leave", "mine", "service-stop"])
            shutdown.AddTask(phase, "say", () => { mail.Add(phase); return Task.FromResult(Done.Instance); });
        await system.Terminate().WaitAsync(Patience, _ct);
        await mail.Next("service-stop", "mine", "cluster-leave");
    }

    private static ActorSystem Make(string hocon) =>
        ActorSystem.Create("shutdown", ConfigurationFactory.ParseString("akka.stdout-loglevel = OFF\n" + hocon));
}
