using Picket.Actors;
using Picket.Actors.Pattern;
using Picket.Actors.Persistence;
using Picket.Detection.Context;
using Picket.Detection.Context.Ancestry;
using Picket.Detection.Context.Hashing;
using Picket.Detection.Context.Spill;
using Picket.Detection.Events;
using Picket.Detection.Export;
using Picket.Detection.Sharding;
using Picket.Detection.Sigma;
using Picket.Node.Guard;
using Picket.Node.Options;
using Picket.Node.Reloading;
using Picket.Node.Self;
using Picket.Node.Status;
using Picket.Node.Storage;
using Picket.Node.Tree;
using Picket.Sensors;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;
using Picket.Sensors.Logs;
using Picket.Sensors.OwnFiles;

namespace Picket.Node.Hosting;

/// <summary>
/// The composition root: makes what outlives the actors, then the tree over it, and takes both down in the opposite order.
/// The only place that knows every part.
/// </summary>
internal sealed class NodeHost
{
    /// <summary>A store that failed is left alone for so long at first, and at most for so long later.</summary>
    private static readonly TimeSpan StoreBackOff = TimeSpan.FromSeconds(1), LongestStoreBackOff = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan SinksWithin = TimeSpan.FromSeconds(1);

    private readonly NodeOptions _options;
    private readonly AlertDelivery _delivery;
    private readonly NodeMemory _memory;
    private readonly EventExport? _export;
    private readonly GuardState? _guard;
    private readonly IActorRef _node;

    private NodeHost(NodeOptions options, NodeCounters counters, AlertDelivery delivery, NodeMemory memory, EventExport? export,
        GuardState? guard, EbpfSensor? ebpf, LogSensor? logs, ActorSystem system, IActorRef node, NodeParts parts)
    {
        _options = options;
        _delivery = delivery;
        _memory = memory;
        _export = export;
        _guard = guard;
        _node = node;
        Counters = counters;
        Ebpf = ebpf;
        Logs = logs;
        System = system;
        Parts = parts;
    }

    /// <summary>The actors.</summary>
    public ActorSystem System { get; }

    /// <summary>What was counted.</summary>
    public NodeCounters Counters { get; }

    /// <summary>The kernel's sensor; null when switched off.</summary>
    public EbpfSensor? Ebpf { get; }

    /// <summary>The sensor of the logs; null when switched off.</summary>
    public LogSensor? Logs { get; }

    /// <summary>Why the kernel's sensor does not run; null when it does, or was switched off.</summary>
    public MissingSensor? Missing { get; private init; }

    /// <summary>The watch over the node's own files; null when switched off.</summary>
    public FilesState? Files { get; private init; }

    /// <summary>Which rules are in force.</summary>
    public required RuleBook Rules { get; init; }

    /// <summary>How the tree was made.</summary>
    public NodeParts Parts { get; }

    /// <summary>Makes everything and starts the tree.</summary>
    /// <param name="options">The options.</param>
    /// <param name="rules">The rules, loaded.</param>
    /// <param name="ebpfObjects">Folder of the compiled kernel programs.</param>
    /// <param name="console">Where readable alerts go; null for nowhere.</param>
    /// <param name="time">The clock.</param>
    /// <param name="replace">Lets a test put its own parts into the tree.</param>
    /// <param name="missing">Why the kernel's sensor does not run; null when it does, or was switched off.</param>
    /// <param name="log">Gets a line about each reload of the rules; null for nowhere.</param>
    /// <exception cref="Picket.Sensors.Ebpf.Native.BpfException">The kernel refuses, or another node holds the pin path.</exception>
    public static async Task<NodeHost> StartAsync(
        NodeOptions options, SigmaRuleSet rules, string ebpfObjects, TextWriter? console, TimeProvider time,
        Func<NodeParts, NodeParts>? replace = null, MissingSensor? missing = null, Action<string>? log = null)
    {
        var store = NodeStores.Of(options.Store, time);
        if (options.Ebpf is not { } ebpf)
            return await StartComposedAsync(options, rules, null, store, console, time, replace, missing, log);

        // Both beside the kernel's verifier, which takes as long.
        store?.Prepare();
        var rehearsal = Task.Run(() => Rehearsal.RunAsync(options));
        NodeHost host;
        try
        {
            host = await StartComposedAsync(options, rules, TryOpen(ebpf, options, ebpfObjects, time, ref missing), store, console, time,
                replace, missing, log);
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
        HeapPacer.GiveBack();
        return host;
    }

    /// <summary>Makes everything over a sensor that is open already, or over none, and starts the tree.</summary>
    /// <remarks>Without a store what actors persist is in memory. The system's end closes it.</remarks>
    internal static async Task<NodeHost> StartComposedAsync(
        NodeOptions options, SigmaRuleSet rules, EbpfSensor? sensor, NodeStore? store, TextWriter? console, TimeProvider time,
        Func<NodeParts, NodeParts>? replace, MissingSensor? missing = null, Action<string>? log = null)
    {
        AlertDelivery? delivery = null;
        NodeMemory? memory = null;
        EventExport? export;
        try
        {
            delivery = AlertDelivery.Open(options, console, time, () => sensor?.Lost ?? 0);
            memory = NodeMemory.Open(options, sensor?.Pool, time);
            export = EventExport.Open(options, delivery.Say, time);
        }
        catch
        {
            delivery?.Dispose();
            memory?.Dispose();

            // Nothing was watched yet: what an earlier run left in the kernel stays as it was, and what this one made goes.
            if (sensor is { Maps: { TakenOver: true, Previous: RunState.Running } }) sensor.Dispose();
            else sensor?.Close(remove: !sensor.Maps.TakenOver);
            throw;
        }

        var logs = OpenLogs(options, sensor is null, time);
        var guard = options.Guard ? GuardOf(options, sensor, console is not null, time) : null;
        var files = options.WatchFiles ? new FilesState(WatchOf(options, guard), time) : null;
        var book = new RuleBook(rules, time);
        var (parts, counters) = Compose(
            options, book, log ?? (_ => { }), sensor, logs, delivery, memory, export, guard, files, time, missing);
        if (replace is not null) parts = replace(parts);
        var system = ActorSystem.Create("picket", new ActorSystemOptions
        {
            // Whatever fails at the top is made anew as well: nothing managed takes the process down.
            GuardianStrategy = new OneForOneStrategy(_ => Directive.Restart),
        });
        if (store is not null) Persistence.Install(system, new PersistenceOptions { Journal = store, SnapshotStore = store });
        var node = system.ActorOf(Props.CreateFrom(() => new NodeActor(parts)), "node");
        await parts.Up.Task;
        return new NodeHost(options, counters, delivery, memory, export, guard, sensor, logs, system, node, parts)
            { Missing = missing, Files = files, Rules = book };
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

        await SinksAsync();
        await System.Terminate();
        if (_guard is not null) await _guard.EndAsync();
        Ebpf?.Close(removePins);
        Logs?.Close();
        _delivery.Dispose();
        _memory.Dispose();
        _export?.Dispose();
        Files?.Dispose();
        return drained;
    }

    /// <summary>Reads the rules again; what comes of it is said to the log.</summary>
    /// <param name="cause">Who asks for it, for people.</param>
    public void ReloadRules(string cause) =>
        System.ActorSelection("/user/node/rules").Tell(new ReloadRules(cause), ActorRefs.NoSender);

    /// <summary>
    /// What came late, from the disk or for its hashes, is in the outbox and may not have reached the sinks, and the node's own last
    /// words not even that; a sink that fails is not waited for, and its next start reads on.
    /// </summary>
    private async Task SinksAsync()
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < SinksWithin
            && (IsBehind(_delivery.SelfEdge) || Counters.Sinks.Any(sink => sink.Failures == 0 && IsBehind(sink.Edge))))
            await poll.WaitForNextTickAsync();

        static bool IsBehind(LedgerEdge edge) => edge.Given > edge.Taken + edge.Failed + edge.Dropped;
    }

    /// <summary>
    /// What the kernel refuses costs its own sensor only; another node on the same pins is a mistake that ends the start.
    /// </summary>
    private static EbpfSensor? TryOpen(EbpfSettings settings, NodeOptions options, string objects, TimeProvider time,
        ref MissingSensor? missing)
    {
        try
        {
            return OpenEbpf(settings, options, objects, time);
        }
        catch (BpfException e) when (e.Errno != 0 && options.Logs is not null)
        {
            missing = new MissingSensor(e.Message);
            return null;
        }
    }

    private static EbpfSensor OpenEbpf(EbpfSettings settings, NodeOptions options, string objects, TimeProvider time) => EbpfSensor.Open(
        new EbpfOptions(objects, settings.PinPath, settings.RingSize, null, settings.Concerns)
            { Loopback = settings.Loopback, LocalNames = settings.LocalNames },
        new EbpfReading(settings.Batches, settings.BatchRecords, settings.BatchBytes, settings.DrainInterval, options.LedgerInterval)
            { Nice = settings.Nice },
        RunningBoot.Current, time);

    /// <summary>What the node itself writes is no log of the host's: each alert about it would be found again.</summary>
    private static LogSensor? OpenLogs(NodeOptions options, bool alone, TimeProvider time)
    {
        if (options.Logs is not { } logs) return null;
        List<string> own = [options.DataDirectory + "/"];
        if (options.Alerting.File is { } alerts) own.Add(alerts);
        return new LogSensor(logs with { Own = own, NumbersBarriers = alone }, time);
    }

    private static FileWatch WatchOf(NodeOptions options, GuardState? guard) =>
        new(OwnPlaces.Of(options, EbpfObjects.Folder)) { IsOwn = pid => guard?.Child?.Pid == pid };

    private static (NodeParts Parts, NodeCounters Counters) Compose(
        NodeOptions options, RuleBook book, Action<string> log, EbpfSensor? sensor, LogSensor? logs, AlertDelivery delivery,
        NodeMemory memory, EventExport? export, GuardState? guard, FilesState? files, TimeProvider time, MissingSensor? missing)
    {
        var rules = book.Now.Rules;
        var stories = new ProcessStories();
        var hashes = options.Hashes is { } hashing ? new HashEngine(hashing, options.Shards, time) : null;
        var table = new ProcessTable(RunningBoot.Current, options.Passwd, options.Context.Linger, time) { Hashes = hashes };
        var interest = EventExport.AddTo(RuleLoading.InterestOf(rules), options.Export);
        sensor?.Ask(interest, options.AuditRules);
        var context = new ContextState(table, options.Shards, interest) { Journal = memory.Processes, Spill = memory.Spill };
        memory.Processes.Restore(table);
        var shards = Enumerable.Range(0, options.Shards).Select(index =>
            export is null ? new ShardState(index, "sigma") : new ShardState(index, "sigma", "export")).ToArray();
        if (hashes is not null) hashes.RulesAsk = rules.Rules.Any(rule => rule.IsByHashes);
        var engine = SigmaEngine.Build(rules.Rules, options.SigmaEngine with { Clock = time });
        var correlation = NodeCorrelation.Of(rules, options, memory.Matches, delivery, stories, time);
        var sigma = shards.Select(shard => new SigmaState(shard.Index, engine.Share(), delivery.Builder, stories)).ToArray();
        var exports = export is null ? [] : shards.Select(shard => export.StateOf(shard.Index)).ToArray();
        var counters = new NodeCounters(sensor, logs, delivery, context, shards, sigma, exports, correlation);
        var self = new SelfState(counters, delivery.Builder, delivery.SelfEdge, RunningBoot.Current, time)
        {
            HeartbeatInterval = options.HeartbeatInterval,
            Files = files is null ? null : () => Props.CreateFrom(() => new FilesActor(files, stories)),
        };
        var building = new RuleBuilding(options, new SensorInterest(options, context, sensor), time);
        var reloads = new RulesState(options, book, building, log, time);
        var status = new StatusSource(options, book, counters, sensor, logs, self.Started, time) { Guard = guard, Files = files?.Watch };
        if (missing is not null) self.Early.Enqueue(missing.Say());
        var parts = new NodeParts
        {
            Status = () => Props.CreateFrom(() => new StatusActor(status)),
            Guard = guard is null ? null : monitor => Props.CreateFrom(() => new GuardActor(guard, monitor)),
            Stories = stories,
            Self = () => Props.CreateFrom(() => new SelfActor(self)),
            Alerts = monitor => delivery.Actor(monitor, sigma.Length + 2),
            Rules = (detection, monitor) => Props.CreateFrom(() => new RulesActor(reloads, detection, monitor)),
            Detection = (alerts, monitor) => NodeCorrelation.Detection(correlation, heard => [.. shards.Select((shard, index) =>
                Shard(shard, sigma[index], index < exports.Length ? exports[index] : null, alerts, monitor, heard))],
                sigma.Length, alerts, monitor),
            Context = (refs, monitor) => Props.CreateFrom(() => new ContextActor(context, options.Context, [.. refs], monitor, time)),
            SpillPost = memory.Spill?.Post,
            Spill = memory.Spill is { } lanes ? (refs, monitor) => Props.CreateFrom(() => new SpillActor(lanes, refs, monitor)) : null,
            Hashing = hashes is null ? null : (refs, monitor) => Props.CreateFrom(() =>
                new HashActor(hashes, OwnNamespace.Mount, refs, monitor, time)),
            Ancestry = (source, monitor, starter) => Ancestry(options, source, monitor, starter),
            Sensors = (target, monitor) => Props.CreateFrom(() => new SensorsActor(
                [.. SensorParts(sensor, logs, target, monitor, time)], options.BackOff, monitor, time)),
        };
        return (parts, counters);
    }

    /// <summary>Its number is the kernel's: the sensor of the kernel works in the initial pid namespace only.</summary>
    private static GuardState GuardOf(NodeOptions options, EbpfSensor? sensor, bool console, TimeProvider time) => new(
        new GuardSetup(Environment.ProcessId, options.Name, options.Alerting.File, options.Alerting.GroupReadable, console),
        GuardState.FindProgram(), time, () => sensor?.Maps.State.ExpectGuard(), pid => sensor?.Maps.State.SetGuard(pid));

    /// <summary>In the order in which they are drained: the last one's barrier goes behind the records of all.</summary>
    private static IEnumerable<SensorPart> SensorParts(EbpfSensor? ebpf, LogSensor? logs, IActorRef context, IActorRef monitor,
        TimeProvider time)
    {
        if (logs is not null) yield return new SensorPart("logs", Props.CreateFrom(() => new LogsActor(logs, context, monitor)));
        if (ebpf is not null) yield return new SensorPart("ebpf", Props.CreateFrom(() => new EbpfActor(ebpf, context, monitor, time)));
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

    private static Props Shard(ShardState shard, SigmaState sigma, ExportState? export, IActorRef alerts, IActorRef monitor,
        IActorRef correlation)
    {
        var engines = new List<ShardEngine> { Sigma(sigma, alerts, monitor, correlation) };
        if (export is not null) engines.Add(new ShardEngine("export", Props.CreateFrom(() => new ExportActor(export, monitor))));
        return Props.CreateFrom(() => new ShardActor(shard, engines, monitor));
    }

    private static ShardEngine Sigma(SigmaState state, IActorRef alerts, IActorRef monitor, IActorRef correlation) =>
        new("sigma", Props.CreateFrom(() => new SigmaActor(state, alerts, monitor, correlation))) { TakesRules = true };
}
