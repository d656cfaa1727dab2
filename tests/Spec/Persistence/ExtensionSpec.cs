using Picket.Actors;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Snapshot;
using Picket.Spec.Kernel;
using Install = Picket.Actors.Persistence.Persistence;

namespace Picket.Spec.Persistence;

/// <summary>How a system gets its persistence.</summary>
public sealed class ExtensionSpec : KernelSpec
{
    [Fact]
    public void Without_installation_a_system_persists_in_memory_of_its_own()
    {
        var probe = new Probe(Sys);
        var actor = Spawn(() => new ScriptedPersistent("a", probe.Ref));
        actor.Tell(ScriptedPersistent.Keep("1"));
        probe.Expect("recovered");
        probe.Expect<object>("1");
        Assert.Same(Install.Get(Sys), Install.Get(Sys));
        Assert.Throws<InvalidOperationException>(() => Install.Install(Sys, new PersistenceOptions()));
        Assert.Contains(Sys.Tree(), entry => entry.Path.ToStringWithoutAddress() == "/system/journal");
    }

    [Fact]
    public async Task Stores_that_are_not_owned_stay_open()
    {
        var journal = new DisturbedJournal();
        foreach (var owns in (bool[])[false, true])
        {
            var system = ActorSystem.Create("other", new ActorSystemOptions { StandardErrorLevel = null });
            Install.Install(system, new PersistenceOptions { Journal = journal, OwnsStores = owns });
            await system.Terminate().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Assert.Equal(owns ? 1 : 0, journal.Disposed);
        }
    }

    [Fact]
    public async Task Two_systems_share_one_memory()
    {
        var options = new PersistenceOptions { Journal = new MemoryJournal(), SnapshotStore = new MemorySnapshotStore() };
        for (var i = 1; i <= 2; i++)
        {
            var system = ActorSystem.Create("shared", new ActorSystemOptions { StandardErrorLevel = null });
            Install.Install(system, options);
            var probe = new Probe(system);
            system.ActorOf(Props.CreateFrom(() => new ScriptedPersistent("a", probe.Ref))).Tell(ScriptedPersistent.Keep(i));
            probe.Fish<int>(e => e == i);
            await system.Terminate().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, await options.Journal!.ReadHighestSequenceNrAsync("a", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        PersistenceOptions good = new();
        PersistenceOptions[] bad =
        [
            good with { MaxConcurrentRecoveries = 0 }, good with { RecoveryEventTimeout = TimeSpan.Zero }, good with { MaxWriteEvents = 0 },
            good with { MaxWriteBytes = 0 }, good with { FlushTimeout = TimeSpan.Zero }, good with { InternalStashCapacity = -2 },
            good with { ReplayFilter = new ReplayFilterOptions { WindowSize = 0 } }, good with { ReplayFilter = new ReplayFilterOptions { MaxOldWriters = 0 } },
            good with { CircuitBreaker = new CircuitBreakerOptions { MaxFailures = 0 } },
            good with { CircuitBreaker = new CircuitBreakerOptions { CallTimeout = TimeSpan.Zero } },
            good with { CircuitBreaker = new CircuitBreakerOptions { ResetTimeout = TimeSpan.Zero } },
            good with { SnapshotCircuitBreaker = new CircuitBreakerOptions { MaxFailures = 0 } },
            good with { AtLeastOnceDelivery = good.AtLeastOnceDelivery.WithMaxUnconfirmedMessages(0) },
            good with { AtLeastOnceDelivery = good.AtLeastOnceDelivery.WithRedeliverInterval(TimeSpan.Zero) },
            good with { InternalStashOverflowStrategy = null! },
        ];
        foreach (var options in bad) Assert.ThrowsAny<ArgumentException>(() => Install.Install(Sys, options));
        Install.Install(Sys, good);
    }

    [Fact]
    public void An_atomic_write_is_of_one_id_and_without_gaps()
    {
        Assert.Throws<ArgumentException>(() => new AtomicWrite([]));
        Assert.Throws<ArgumentException>(() => new AtomicWrite([new Persistent(1, 1, "a"), new Persistent(1, 2, "b")]));
        Assert.Throws<ArgumentException>(() => new AtomicWrite([new Persistent(1, 1, "a"), new Persistent(1, 3, "a")]));
        var write = new AtomicWrite([new Persistent(1, 5, "a"), new Persistent(1, 6, "a")]);
        Assert.Equal(("a", 5L, 6L, 2), (write.PersistenceId, write.LowestSequenceNr, write.HighestSequenceNr, write.Size));
    }
}
