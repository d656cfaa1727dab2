using System.Collections.Concurrent;
using Picket.Actors;
using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Delivery;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Alerts.Outbox;
using Picket.Detection.Alerts.Policy;
using Picket.Detection.Alerts.Sinks;
using Picket.Detection.Events;
using Picket.Detection.Events.Journal;
using Picket.Node.CommandLine;
using Picket.Node.Options;

namespace Picket.Node.Hosting;

/// <summary>Outbox, policy and sinks of a node: what of the alerts outlives the actors.</summary>
internal sealed class AlertDelivery : IDisposable
{
    private const int KnownIds = 65_536;
    private const long MaxWaitingBytes = 64L << 20;

    private readonly AlertOutbox _outbox;
    private IDisposable? _fileLock;
    private readonly List<SinkSetup> _sinks = [];
    private readonly ConcurrentQueue<SinkNotice> _early = new();
    private IActorRef? _monitor;

    private AlertDelivery(NodeOptions options, AlertOutbox outbox, TextWriter? console, TimeProvider time, Func<long> lost)
    {
        _outbox = outbox;
        Builder = new AlertBuilder(new AlertOptions
        {
            Host = HostFactsReader.Read(options.Name),
            AgentVersion = VersionCommand.Version,
            AgentName = options.Name,
            Lost = lost,
        }, time);
        var alerting = options.Alerting;
        if (alerting.File is { } path)
        {
            var file = new FileSinkOptions
            {
                Path = path,
                GroupReadable = alerting.GroupReadable,
                MaxFileBytes = alerting.RotateBytes,
                MaxFiles = alerting.RotateCount,
                Sync = SyncOf(alerting),
            };
            _sinks.Add(new SinkSetup(new SinkCursor(outbox, "file"), () => new NdjsonFileSink(DiskFileSpace.Instance, file, Say)));
        }

        if (console is not null)
            _sinks.Add(new SinkSetup(new SinkCursor(outbox, "console"), () => new ConsoleSink(console, !Console.IsOutputRedirected)));
        var policy = AlertPolicyOptions.Unlimited with { SuppressWindow = alerting.SuppressWindow, MaxPerRule = alerting.RateLimit };
        Intake = new AlertIntake(outbox, new AlertPolicy(policy), MaxWaitingBytes, [.. Cursors.Select(cursor => cursor.Edge)]);
    }

    /// <summary>Makes the alerts.</summary>
    public AlertBuilder Builder { get; }

    /// <summary>The edge of the node's own notices.</summary>
    public LedgerEdge SelfEdge { get; } = new("self->alerts");

    /// <summary>The way into the outbox.</summary>
    public AlertIntake Intake { get; }

    /// <summary>Where the sinks stand.</summary>
    public IEnumerable<SinkCursor> Cursors => _sinks.Select(sink => sink.Cursor);

    /// <summary>Opens the outbox and makes sure that the alert file can be written.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="console">Where readable lines go; null for nowhere.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lost">How much the sensors are known to have lost so far.</param>
    /// <exception cref="UsageException">A folder or file cannot be used, or belongs to something else.</exception>
    public static AlertDelivery Open(NodeOptions options, TextWriter? console, TimeProvider time, Func<long> lost)
    {
        var alerting = options.Alerting;
        var journal = new JournalOptions
        {
            Kind = "outbox",
            MaxBytes = alerting.OutboxBytes,
            SegmentBytes = Math.Clamp(alerting.OutboxBytes / 4, 64 << 10, 8 << 20),
            MaxRecordBytes = (int)Math.Clamp(alerting.OutboxBytes / 8, 32 << 10, 4 << 20),
            Sync = SyncOf(alerting),
            SyncInterval = alerting.SyncInterval,
        };
        var place = options.DataDirectory;
        try
        {
            var folder = Path.Combine(options.DataDirectory, "outbox");
            DiskFileSpace.Instance.EnsureFolder(options.DataDirectory);
            var outbox = AlertOutbox.Open(DiskFileSpace.Instance, folder, journal, KnownIds, time);
            var delivery = new AlertDelivery(options, outbox, console, time, lost);
            place = alerting.File ?? place;
            if (alerting.File is { } path) delivery._fileLock = Lock(path);
            foreach (var sink in delivery._sinks) (sink.Open() as IDisposable)?.Dispose();
            foreach (var finding in outbox.Findings)
                delivery.Say(new SinkNotice("outbox", "outbox-damaged", $"{finding.File}: {finding.Text}"));
            return delivery;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JournalFormatException)
        {
            throw new UsageException($"{place}: {e.Message}");
        }
    }

    /// <summary>Whether an alert with this id is in the outbox; before the actors work only.</summary>
    public bool Knows(StableId id) => _outbox.Knows(id);

    /// <summary>The recipe of /alerts.</summary>
    /// <param name="monitor">Gets the ledger's reports and the sinks' notices.</param>
    /// <param name="sources">Edges that lead to /alerts.</param>
    public Props Actor(IActorRef monitor, int sources)
    {
        Volatile.Write(ref _monitor, monitor);
        while (_early.TryDequeue(out var notice)) monitor.Tell(notice, ActorRefs.NoSender);
        return AlertsActor.Recipe(Intake, _sinks, sources, monitor);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var sink in _sinks) sink.Cursor.Dispose();
        _outbox.Dispose();
        _fileLock?.Dispose();
    }

    /// <summary>
    /// Two writers would take each other's lines for damage. The lock is a file of its own beside the alert file, as that changes
    /// with every rotation; the kernel frees it however the process ends, and the file stays.
    /// </summary>
    private static IDisposable Lock(string path)
    {
        var files = DiskFileSpace.Instance;
        files.EnsureFolder(Path.GetDirectoryName(path) ?? "/");

        // What cannot hold alerts gets no lock beside it.
        if (files.Exists(path)) files.Open(path, write: false).Dispose();
        return files.TryLock(path + ".lock") ?? throw new IOException(
            "another node writes its alerts to this file, or its .lock cannot be written");
    }

    private static SyncPolicy SyncOf(AlertingOptions options) => Enum.Parse<SyncPolicy>(options.Sync, true);

    /// <summary>Passes on what a sink, or the export, has to say of itself; from any thread.</summary>
    public void Say(SinkNotice notice)
    {
        if (Volatile.Read(ref _monitor) is { } monitor) monitor.Tell(notice, ActorRefs.NoSender);
        else _early.Enqueue(notice);
    }
}
