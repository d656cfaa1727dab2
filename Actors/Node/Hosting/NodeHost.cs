using Picket.Actors;
using Picket.Actors.Pattern;
using Picket.Actors.Persistence;
using Picket.Detection.Context;
using Picket.Detection.Context.Ancestry;
using Picket.Detection.Sharding;
using Picket.Detection.Sigma;
using Picket.Node.Options;
using Picket.Node.Self;
using Picket.Node.Storage;
using Picket.Node.Tree;
using Picket.Sensors;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Node.Hosting;

/// <summary>
/// The composition root: makes what outlives the actors, then the tree over it, and takes both down in the opposite order.
/// The only place that knows every part.
/// </summary>
internal sealed class NodeHost
{
    /// <summary>A store that failed is left alone for so long at first, and at most for so long later.</summary>
    private static readonly TimeSpan StoreBackOff = TimeSpan.FromSeconds(1), LongestStoreBackOff = TimeSpan.FromMinutes(1);

    private readonly NodeOptions _options;
    private readonly AlertDelivery _delivery;
    private readonly ProcessJournal _journal;
    private readonly IActorRef _node;

    private NodeHost(NodeOptions options, NodeCounters counters, AlertDelivery delivery, ProcessJournal journal, EbpfSensor? ebpf,
        ActorSystem system, IActorRef node, NodeParts parts)
    {
        _options = options;
        _delivery = delivery;
        _journal = journal;
        _node = node;
        Counters = counters;
        Ebpf = ebpf;
        System = system;
        Parts = parts;
    }

    /// <summary>The actors.</summary>
    public ActorSystem System { get; }

    /// <summary>What was counted.</summary>
    public NodeCounters Counters { get; }

    /// <summary>The kernel's sensor; null when switched off.</summary>
    public EbpfSensor? Ebpf { get; }

    /// <summary>How the tree was made.</summary>
    public NodeParts Parts { get; }

    /// <summary>Makes everything and starts the tree.</summary>
    /// <param name="options">The options.</param>
    /// <param name="rules">The rules, loaded.</param>
    /// <param name="ebpfObjects">Folder of the compiled kernel programs.</param>
    /// <param name="console">Where readable alerts go; null for nowhere.</param>
    /// <param name="time">The clock.</param>
    /// <param name="replace">Lets a test put its own parts into the tree.</param>
    /// <exception cref="Picket.Sensors.Ebpf.Native.BpfException">The kernel refuses, or another node holds the pin path.</exception>
    public static async Task<NodeHost> StartAsync(
        NodeOptions options, SigmaRuleSet rules, string ebpfObjects, TextWriter? console, TimeProvider time,
        Func<NodeParts, NodeParts>? replace = null)
    {
        var store = NodeStores.Of(options.Store, time);
        if (options.Ebpf is not { } ebpf) return await StartComposedAsync(options, rules, null, store, console, time, replace);

        // Both beside the kernel's verifier, which takes as long.
        store?.Prepare();
        var rehearsal = Task.Run(() => Rehearsal.RunAsync(options));
        NodeHost host;
        try
        {
            host = await StartComposedAsync(options, rules, OpenEbpf(ebpf, options, ebpfObjects, time), store, console, time, replace);
        }
        catch
        {
            if (store is not null) await store.DisposeAsync();
            throw;
        }
        finally
        {
            await rehearsal;
        }

        // The kernel's type data, the rules' texts and the rehearsal are garbage now, tens of MB of it that no later
        // collection would come to for days.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, true, true);
        return host;
    }

    /// <summary>Makes everything over a sensor that is open already, or over none, and starts the tree.</summary>
    /// <remarks>Without a store what actors persist is in memory. The system's end closes it.</remarks>
    internal static async Task<NodeHost> StartComposedAsync(
        NodeOptions options, SigmaRuleSet rules, EbpfSensor? sensor, NodeStore? store, TextWriter? console, TimeProvider time,
        Func<NodeParts, NodeParts>? replace)
    {
        AlertDelivery? delivery = null;
        ProcessJournal journal;
        try
        {
            delivery = AlertDelivery.Open(options, console, time, () => sensor?.Lost ?? 0);
            journal = ProcessMemory.Open(options, time);
        }
        catch
        {
            delivery?.Dispose();

            // Nothing was watched yet: what an earlier run left in the kernel stays as it was, and what this one made goes.
            if (sensor is { Maps: { TakenOver: true, Previous: RunState.Running } }) sensor.Dispose();
            else sensor?.Close(remove: !sensor.Maps.TakenOver);
            throw;
        }

        var (parts, counters) = Compose(options, rules, sensor, delivery, journal, time);
        if (replace is not null) parts = replace(parts);
        var system = ActorSystem.Create("picket", new ActorSystemOptions
        {
            // Whatever fails at the top is made anew as well: nothing managed takes the process down.
            GuardianStrategy = new OneForOneStrategy(_ => Directive.Restart),
        });
        if (store is not null) Persistence.Install(system, new PersistenceOptions { Journal = store, SnapshotStore = store });
        var node = system.ActorOf(Props.CreateFrom(() => new NodeActor(parts)), "node");
        await parts.Up.Task;
        return new NodeHost(options, counters, delivery, journal, sensor, system, node, parts);
    }

    /// <summary>
    /// Stops in order: the sensors hand on what they hold, what is under way reaches the sinks, the tree goes, the files close.
    /// </summary>
    /// <param name="removePins">Whether the kernel programs go; else they fill the ring for the next start.</param>
    /// <returns>Whether all that was under way arrived in time.</returns>
    public async Task<bool> StopAsync(bool removePins)
    {
        var drained = true;
        try
        {
            await _node.Ask<Drained>(new DrainNode(), _options.DrainTimeout);
        }
        catch (AskTimeoutException)
        {
            drained = false;
        }

        await System.Terminate();
        Ebpf?.Close(removePins);
        _delivery.Dispose();
        _journal.Dispose();
        return drained;
    }

    private static EbpfSensor OpenEbpf(EbpfSettings settings, NodeOptions options, string objects, TimeProvider time) => EbpfSensor.Open(
        new EbpfOptions(objects, settings.PinPath, settings.RingSize, null, settings.Concerns)
            { Loopback = settings.Loopback, LocalNames = settings.LocalNames },
        new EbpfReading(settings.Batches, settings.BatchRecords, settings.BatchBytes, settings.DrainInterval, options.LedgerInterval),
        RunningBoot.Current, time);

    private static (NodeParts Parts, NodeCounters Counters) Compose(
        NodeOptions options, SigmaRuleSet rules, EbpfSensor? sensor, AlertDelivery delivery, ProcessJournal journal, TimeProvider time)
    {
        var stories = new ProcessStories();
        var table = new ProcessTable(RunningBoot.Current, options.Passwd, options.Context.Linger, time);
        var interest = RuleLoading.InterestOf(rules);
        sensor?.Ask(interest);
        var context = new ContextState(table, options.Shards, interest) { Journal = journal };
        journal.Restore(table);
        var shards = Enumerable.Range(0, options.Shards).Select(index => new ShardState(index, "sigma")).ToArray();
        var engine = SigmaEngine.Build(rules.Rules, options.SigmaEngine with { Clock = time });
        var sigma = shards.Select(shard => new SigmaState(shard.Index, engine.Share(), delivery.Builder, stories)).ToArray();
        var counters = new NodeCounters(sensor, delivery, context, shards, sigma);
        var self = new SelfState(counters.Ledger, delivery.Builder, delivery.SelfEdge, RunningBoot.Current);
        var parts = new NodeParts
        {
            Stories = stories,
            Self = () => Props.CreateFrom(() => new SelfActor(self)),
            Alerts = monitor => delivery.Actor(monitor, sigma.Length + 1),
            Detection = (alerts, monitor) => Props.CreateFrom(() => new DetectionActor([.. shards.Select((shard, index) =>
                Shard(shard, sigma[index], alerts, monitor))])),
            Context = (refs, monitor) => Props.CreateFrom(() => new ContextActor(context, options.Context, [.. refs], monitor)),
            Ancestry = (source, monitor, starter) => Ancestry(options, source, monitor, starter),
            Sensors = (target, monitor) => Props.CreateFrom(() => new SensorsActor(
                sensor is null ? [] : [new SensorPart("ebpf", Props.CreateFrom(() => new EbpfActor(sensor, target, monitor, time)))],
                options.BackOff, monitor, time)),
        };
        return (parts, counters);
    }

    /// <summary>The writer stops when its store fails, and comes back when the store has had time to recover.</summary>
    private static Props Ancestry(NodeOptions options, IActorRef context, IActorRef monitor, IActorRef starter)
    {
        // A server may have the ancestries of many hosts, and a host may have two nodes.
        var id = $"ancestry/{HostFactsReader.Read(options.Name).Id}/{options.Name}";
        var setup = new AncestrySetup(id, RunningBoot.Current, options.Ancestry);
        var writer = Props.CreateFrom(() => new AncestryActor(setup, context, monitor, starter));
        return BackoffSupervisor.Props(
            Backoff.OnStop(writer, "writer", StoreBackOff, LongestStoreBackOff, 0.2).WithAutoReset(LongestStoreBackOff));
    }

    private static Props Shard(ShardState shard, SigmaState sigma, IActorRef alerts, IActorRef monitor)
    {
        var engine = new ShardEngine("sigma", Props.CreateFrom(() => new SigmaActor(sigma, alerts, monitor)));
        return Props.CreateFrom(() => new ShardActor(shard, [engine], monitor));
    }
}
