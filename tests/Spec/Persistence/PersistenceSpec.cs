using Picket.Actors;
using Picket.Actors.Persistence;
using Install = Picket.Actors.Persistence.Persistence;

namespace Picket.Spec.Persistence;

/// <summary>A system with a journal that a test can disturb; nothing goes to standard error, as many tests fail on purpose.</summary>
public abstract class PersistenceSpec : IAsyncLifetime
{
    internal PersistenceSpec(Func<PersistenceOptions, PersistenceOptions>? change = null, TimeProvider? time = null)
    {
        Change = change ?? (options => options);
        Time = time ?? TimeProvider.System;
        Sys = Begin();
    }

    internal ActorSystem Sys { get; private set; }

    internal DisturbedJournal Journal { get; } = new();

    internal DisturbedSnapshotStore Snapshots { get; } = new();

    private Func<PersistenceOptions, PersistenceOptions> Change { get; }

    private TimeProvider Time { get; }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        Journal.LetAllPass();
        await Sys.Terminate().WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    internal Probe NewProbe() => new(Sys);

    internal Probe Listen<T>()
    {
        var probe = new Probe(Sys);
        Sys.EventStream.Subscribe<T>(probe.Ref);
        return probe;
    }

    internal IActorRef Spawn(Func<ActorBase> make, string? name = null) => Sys.ActorOf(Props.CreateFrom(make), name);

    /// <summary>A scripted actor that reports to the probe.</summary>
    internal IActorRef Spawn(Probe to, string id = "a", Action<ScriptedPersistent>? set = null) => Spawn(() =>
    {
        var actor = new ScriptedPersistent(id, to.Ref);
        set?.Invoke(actor);
        return actor;
    });

    /// <summary>Ends an actor and waits for it.</summary>
    internal async Task Stop(IActorRef actor)
    {
        Sys.Stop(actor);
        Assert.True(await actor.WatchAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    /// <summary>Another system over the same stores, as after a restart of the process.</summary>
    internal async Task Restart()
    {
        await Sys.Terminate().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Sys = Begin();
    }

    private ActorSystem Begin()
    {
        var system = ActorSystem.Create("persistent", new ActorSystemOptions { StandardErrorLevel = null, TimeProvider = Time });
        Install.Install(system, Change(new PersistenceOptions { Journal = Journal, SnapshotStore = Snapshots }));
        return system;
    }
}
