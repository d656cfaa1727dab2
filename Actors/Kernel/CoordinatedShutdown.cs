namespace Picket.Actors;

/// <summary>
/// Ends a system in phases: each phase's tasks run side by side when the phases that it depends on are done. Which phases there are is
/// said in <c>akka.coordinated-shutdown</c>. It runs once, whoever asks.
/// </summary>
public sealed class CoordinatedShutdown
{
    /// <summary>The first phase.</summary>
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";

    /// <summary>Take no new requests.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>Wait for the requests under way.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>Close the service.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>After the service, before the cluster.</summary>
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";

    /// <summary>Hand the shards over.</summary>
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";

    /// <summary>Say that this node leaves.</summary>
    public const string PhaseClusterLeave = "cluster-leave";

    /// <summary>Hand over what runs once in a cluster.</summary>
    public const string PhaseClusterExiting = "cluster-exiting";

    /// <summary>Wait until the cluster knows.</summary>
    public const string PhaseClusterExitingDone = "cluster-exiting-done";

    /// <summary>Close the cluster's connections.</summary>
    public const string PhaseClusterShutdown = "cluster-shutdown";

    /// <summary>After the cluster, before the actors end.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    /// <summary>The actors end.</summary>
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly Dictionary<string, ShutdownPhase> _phases;
    private readonly IReadOnlyList<string> _order;
    private readonly Dictionary<string, List<(string Name, Func<Task> Run)>> _tasks = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<Done> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Reason? _reason;

    internal CoordinatedShutdown(ActorSystem system)
    {
        System = system;
        var config = system.Settings.Config.GetConfig("akka.coordinated-shutdown")!;
        _phases = ShutdownPhase.Read(config);
        _order = ShutdownPhase.Sort(_phases);
        RunByTerminate = config.GetBoolean("run-by-actor-system-terminate");
        if (config.GetBoolean("terminate-actor-system")) AddTask(PhaseActorSystemTerminate, "terminate-system", System.FinalTerminate);
        else if (RunByTerminate)
            throw new ConfigurationException("run-by-actor-system-terminate must be off when terminate-actor-system is off");
        if (config.GetBoolean("run-by-clr-shutdown-hook")) HookProcessExit();
    }

    /// <summary>Whose end.</summary>
    public ActorSystem System { get; }

    /// <summary>Why the run began; null before it.</summary>
    public Reason? ShutdownReason => Volatile.Read(ref _reason);

    /// <summary>The sum of the time-outs of the phases that have tasks.</summary>
    public TimeSpan TotalTimeout
    {
        get { lock (_tasks) return _tasks.Keys.Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase)); }
    }

    internal bool RunByTerminate { get; }

    /// <summary>The one of a system.</summary>
    /// <exception cref="ConfigurationException">The phases are wrong: a cycle, or a phase that nobody defines.</exception>
    public static CoordinatedShutdown Get(ActorSystem sys) => sys.Shutdown.Value;

    /// <summary>How long the tasks of a phase have.</summary>
    /// <exception cref="ArgumentException">There is no such phase.</exception>
    public TimeSpan Timeout(string phase) =>
        _phases.TryGetValue(phase, out var known) ? known.Timeout : throw new ArgumentException($"no such phase: {phase}", nameof(phase));

    /// <summary>Adds a task to a phase, before the run or in it while the phase is still to come.</summary>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task) => AddTask(phase, taskName, (Func<Task>)task);

    /// <summary>Adds the end of an actor to a phase: told <paramref name="stopMsg"/> (as it is, stopped), and waited for.</summary>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public void AddActorTerminationTask(string phase, string taskName, IActorRef actor, object? stopMsg = null) =>
        AddTask(phase, taskName, () =>
        {
            var ended = actor.WatchAsync();
            if (stopMsg is null) System.Stop(actor);
            else actor.Tell(stopMsg, ActorRefs.NoSender);
            return ended;
        });

    /// <summary>Runs the phases in their order, once; later calls give the same task.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="fromPhase">Where to begin; null for the first.</param>
    /// <returns>Ends with the last phase, or with what the task of a phase threw that does not recover.</returns>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (fromPhase is not null) Timeout(fromPhase);
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null) _ = Task.Run(() => RunFrom(fromPhase));
        return _done.Task;
    }

    private async Task RunFrom(string? fromPhase)
    {
        try
        {
            var phases = fromPhase is null ? _order : _order.SkipWhile(phase => phase != fromPhase);
            foreach (var phase in phases) await RunPhase(phase).ConfigureAwait(false);
            _done.TrySetResult(Done.Instance);
        }
        catch (Exception e)
        {
            // Whoever asked for the end is told why it did not come.
            _done.TrySetException(e);
        }
    }

    private async Task RunPhase(string phase)
    {
        (string Name, Func<Task> Run)[] tasks;
        lock (_tasks) tasks = _tasks.TryGetValue(phase, out var added) ? [.. added] : [];
        System.Log.Debug("shutdown phase [{0}] with [{1}] tasks", phase, tasks.Length);
        if (tasks.Length == 0) return;
        var (timeout, recover) = (_phases[phase].Timeout, _phases[phase].Recover);
        try
        {
            await Task.WhenAll(tasks.Select(task => RunTask(phase, task.Name, task.Run, recover)))
                .WaitAsync(timeout, System.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException) when (recover)
        {
            System.Log.Warning("shutdown phase [{0}] was not done after {1}", phase, timeout);
        }
    }

    private async Task RunTask(string phase, string name, Func<Task> task, bool recover)
    {
        try
        {
            await task().ConfigureAwait(false);
        }
        catch (Exception e) when (recover)
        {
            System.Log.Warning(e, "task [{0}] of shutdown phase [{1}] failed: {2}", name, phase, e.Message);
        }
    }

    private void AddTask(string phase, string taskName, Func<Task> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!_phases.ContainsKey(phase))
            throw new ConfigurationException($"unknown phase [{phase}] for task [{taskName}]: {string.Join(", ", _order)}");
        lock (_tasks)
        {
            if (!_tasks.TryGetValue(phase, out var tasks)) _tasks.Add(phase, tasks = []);
            tasks.Add((taskName, task));
        }
    }

    private void HookProcessExit()
    {
        void OnExit(object? sender, EventArgs e) => Task.WaitAny([Run(ClrExitReason.Instance)], TotalTimeout);
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        System.RegisterOnTermination(() => AppDomain.CurrentDomain.ProcessExit -= OnExit);
    }

    /// <summary>Why a system ends.</summary>
    public abstract class Reason
    {
        /// <summary>What a process that ends for it should exit with.</summary>
        public virtual int ExitCode => 0;
    }

    /// <summary>Not known.</summary>
    public sealed class UnknownReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new UnknownReason();
    }

    /// <summary><see cref="ActorSystem.Terminate"/> was called.</summary>
    public sealed class ActorSystemTerminateReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new ActorSystemTerminateReason();
    }

    /// <summary>The process exits.</summary>
    public sealed class ClrExitReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new ClrExitReason();
    }
}
