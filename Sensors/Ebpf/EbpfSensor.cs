using Picket.Detection.Events;
using Picket.Sensors.Audit;
using Picket.Sensors.Dns;
using Picket.Sensors.Ebpf.Audit;
using Picket.Sensors.Ebpf.Calls;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// What of the sensor outlives its actors: the maps, the pool, the commit of the ring's position and the counters. Opened
/// once by the composition root; the actors come and go over it.
/// </summary>
public sealed class EbpfSensor : IDisposable
{
    /// <summary>What may stand in the ring; the task iterator's records travel by a file of their own.</summary>
    private static readonly RecordKind[] RingKinds =
        [.. Enum.GetValues<RecordKind>().Where(kind => kind is not (RecordKind.None or RecordKind.Task))];

    private readonly RingReader _publisher;
    private readonly ulong _submittedBefore;
    private readonly TimeProvider _time;
    private readonly LossBook _losses = new(TimeSpan.FromMinutes(1));
    private DateTimeOffset _lossesSince;
    private ulong _seenBefore;
    private long _taken;
    private long _barrier;
    private bool _begun;

    private EbpfSensor(SharedMaps maps, EbpfReading reading, string bootId, TimeProvider time)
    {
        Maps = maps;
        Reading = reading;
        _time = time;
        _lossesSince = time.GetUtcNow();
        Source = new EventSource("ebpf", bootId, null, BootClock.OffsetNs);
        Pool = new BatchPool(reading.Batches, reading.BatchRecords, reading.BatchBytes);
        _publisher = new RingReader(maps);
        Unread = _publisher.Produced - _publisher.Published;
        EarlierStartNs = maps.State.StartedNs;
        maps.State.StartedNs = BootClock.NowNs;
        Commit = new RingCommit(Pool, _publisher.Published, _publisher.Publish);
        _submittedBefore = CountBefore(maps, _publisher);
        Collectors = [new CollectorState(Concern.Process), .. Chosen(maps.Options).Select(concern => new CollectorState(concern))];
    }

    /// <summary>The shared maps.</summary>
    public SharedMaps Maps { get; }

    /// <summary>How the ring is read.</summary>
    public EbpfReading Reading { get; }

    /// <summary>What batches say of their origin.</summary>
    public EventSource Source { get; }

    /// <summary>The batches.</summary>
    public BatchPool Pool { get; }

    /// <summary>The edge to the context stage.</summary>
    public LedgerEdge Edge { get; } = new("ebpf->context");

    /// <summary>The edge that the kernel's list of processes travels to the context stage.</summary>
    public LedgerEdge ListEdge { get; } = new("tasks->context");

    /// <summary>Bytes of the ring that an earlier run had not completed.</summary>
    public ulong Unread { get; }

    /// <summary>Boot time at which the earlier run began; 0 when there was none.</summary>
    public ulong EarlierStartNs { get; }

    /// <summary>Records that were taken from the ring: handed on, malformed, or of an unknown kind.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Records whose bytes contradicted themselves.</summary>
    public long Malformed { get; private set; }

    /// <summary>Records of kinds that this build does not know.</summary>
    public long Unknown { get; private set; }

    /// <summary>Everything that the kernel could not hand over since this run began, all kinds and causes.</summary>
    public long Lost { get; private set; }

    /// <summary>Makes audit records of what is read; null while no rule asks for any.</summary>
    internal AuditView? Audit { get; private set; }

    internal RingCommit Commit { get; }

    /// <summary>The collectors, in the order in which they are started.</summary>
    internal IReadOnlyList<CollectorState> Collectors { get; }

    /// <summary>What readers remember of DNS.</summary>
    internal DnsState Dns { get; } = new();

    /// <summary>Opens or takes over the maps.</summary>
    /// <exception cref="Native.BpfException">The kernel refuses, or another node holds the pin path.</exception>
    public static EbpfSensor Open(EbpfOptions options, EbpfReading reading, string bootId, TimeProvider time)
    {
        var maps = SharedMaps.Open(options);
        try
        {
            return new EbpfSensor(maps, reading, bootId, time);
        }
        catch
        {
            maps.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Tells the programs what the rules ask for; what else they see they drop and count. The life of processes and their
    /// credentials are always reported: contexts are made of them.
    /// </summary>
    /// <param name="interest">What the rules ask for.</param>
    /// <param name="auditRules">The audit rules whose keys rules for <c>auditd</c> may name.</param>
    public void Ask(EventInterest interest, IReadOnlyList<AuditRule> auditRules)
    {
        var plan = AuditPlan.Of(interest.Audit, auditRules);
        Audit = plan.IsEmpty ? null : new AuditView(plan);
        Maps.AskedCalls = [.. interest.Calls.Union(plan.Calls)];
        var kinds = Maps.AskedCalls.Select(CallBindings.KindOf).ToHashSet();
        ChosenFiles.Write(Maps, interest.Read);
        Maps.State.SetWanted(kind => IsAsked(interest, kind) || kinds.Contains(kind)
            || (kind is >= RecordKind.FileCreate and <= RecordKind.FileNode && plan.Types.HasFlag(AuditTypes.Path)));
    }

    /// <summary>Whether the programs are to report <paramref name="kind"/> when rules ask for <paramref name="interest"/>.</summary>
    /// <remarks>Connections are named by the answers of name servers, and an answer is one to a query.</remarks>
    internal static bool IsAsked(EventInterest interest, RecordKind kind) =>
        kind < RecordKind.FileCreate || MakesContexts(kind) || (Enum.IsDefined(kind) && interest.Wants((EventKind)kind))
        || (kind is RecordKind.DnsQuery or RecordKind.DnsAnswer && AsksNames(interest));

    private static bool MakesContexts(RecordKind kind) =>
        kind is RecordKind.SetId or RecordKind.Capset or RecordKind.Unshare or RecordKind.Setns;

    /// <summary>Ends the run in order. Nothing may be under way any more.</summary>
    /// <param name="remove">Whether programs, ring and counters go; else they stay for the next start.</param>
    public void Close(bool remove)
    {
        Commit.Close();
        Maps.MarkStopped();
        if (remove) Maps.RemovePins();
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Commit.Close();
        Maps.Dispose();
    }

    /// <summary>
    /// Whether a record ending at <paramref name="position"/> was handed on before by a run that ended without completing it.
    /// </summary>
    internal bool IsRedelivered(ulong position) => position <= Maps.RepeatedUpTo;

    /// <summary>A reader that stands where the last one stopped handing on.</summary>
    internal RingReader OpenReader()
    {
        // Records below are of batches that are under way; they stay in the ring until those are completed.
        return new RingReader(_publisher, Commit.Handed);
    }

    /// <summary>Looks whether the ring stands still.</summary>
    internal RingStalled? LookAt(RingWatch watch) => watch.Look(_publisher.Published, _publisher.Produced);

    /// <summary>Puts the ring's position back where somebody else moved it; says what was found, or null for nothing.</summary>
    internal string? MendRing()
    {
        Commit.Republish();
        return _publisher.Trouble.Take();
    }

    /// <summary>True once: how the run began is said by the first incarnation of the actor only.</summary>
    internal bool TryBegin()
    {
        var first = !_begun;
        _begun = true;
        return first;
    }

    /// <summary>Counts what a batch carried, when it is handed on.</summary>
    internal void CountTaken(int records, int malformed, int unknown)
    {
        Malformed += malformed;
        Unknown += unknown;
        Interlocked.Add(ref _taken, records + malformed + unknown);
    }

    /// <summary>The number of the next barrier.</summary>
    internal long NextBarrier() => Interlocked.Increment(ref _barrier);

    /// <summary>
    /// Compares what the programs say they put into the ring with what was taken out. <paramref name="submitted"/> was read
    /// before the ring was drained, so that taken may be more, never less.
    /// </summary>
    internal LedgerReport Compare(long barrier, ulong submitted)
    {
        var taken = Taken;
        var given = (long)(submitted - _submittedBefore);
        return new LedgerReport(barrier, "ring->ebpf", Math.Max(given, taken), taken, $"malformed {Malformed}, unknown {Unknown}");
    }

    /// <summary>
    /// Compares what the programs saw with what became of it. What they had seen at the last call must have left by one of
    /// the ways by now.
    /// </summary>
    internal LedgerReport CompareSeen(long barrier, CounterSnapshot counters)
    {
        var (seen, left) = (0UL, 0UL);
        foreach (var kind in RingKinds)
        {
            ref readonly var row = ref counters[kind];
            seen += row.Seen;
            left += row.Left;
        }

        var before = _seenBefore;
        _seenBefore = seen;
        return new LedgerReport(barrier, "kernel->ring", (long)Math.Max(before, left), (long)left, $"seen {seen}");
    }

    private static bool AsksNames(EventInterest interest)
    {
        for (var kind = EventKind.NetworkConnect; kind <= EventKind.NetworkDatagram; kind++)
        {
            if (interest.Wants(kind)) return true;
        }

        return interest.Wants(EventKind.DnsAnswer);
    }

    internal static ulong SubmittedOf(CounterSnapshot counters)
    {
        var sum = 0UL;
        foreach (var kind in RingKinds) sum += counters[kind].Submitted;
        return sum;
    }

    /// <summary>What was lost since the last call, by kind. Remembered in the state map, so that a kill forgets no loss.</summary>
    /// <param name="counters">The counters.</param>
    /// <param name="all">Whether also what waits for its minute is to be said, since nothing may follow.</param>
    /// <param name="fresh">Whether something was lost since the last call.</param>
    internal List<SensorLoss> TakeLosses(CounterSnapshot counters, bool all, out bool fresh)
    {
        var losses = new List<SensorLoss>();
        fresh = false;
        var now = _time.GetUtcNow();
        foreach (var kind in RingKinds)
        {
            var row = counters[kind];
            var loss = _losses.Look(kind, row, Maps.State.Acknowledged(kind), _lossesSince, now, all, out var more);
            Lost += more;
            fresh |= more > 0;
            if (loss is null) continue;
            losses.Add(loss);
            Maps.State.Acknowledge(kind, row);
        }

        _lossesSince = now;
        return losses;
    }

    /// <summary>What handles system calls needs the hook on them.</summary>
    private static IEnumerable<Concern> Chosen(EbpfOptions options) =>
        options.Concerns.Any(concern => CallBindings.LaneOf(concern) is not null)
            ? options.Concerns.Append(Concern.Syscall)
            : options.Concerns;

    /// <summary>
    /// How many records had been put into the ring, and taken out again, before this run. The programs may be at work while
    /// this is counted, and one of them may be stopped between its record and its count: so what they saw, which they count
    /// first, less what they say they could not hand over. It is tried until two readings agree, and errs, if at all, towards
    /// fewer expected records.
    /// </summary>
    private static ulong CountBefore(SharedMaps maps, RingReader ring)
    {
        const int Tries = 100;
        var before = 0UL;
        for (var i = 0; i < Tries; i++)
        {
            var first = maps.ReadCounters();
            var unread = 0UL;
            var reader = new RingReader(ring, ring.Published);
            while (reader.TryRead(out _)) unread++;

            var second = maps.ReadCounters();
            var (seen, lost, quiet) = (0UL, 0UL, true);
            foreach (var kind in RingKinds)
            {
                ref readonly var row = ref first[kind];
                lost += row.Left - row.Submitted;
                seen += second[kind].Seen;
                quiet &= row.Seen == second[kind].Seen && row.Seen == row.Left;
            }

            before = seen - lost - Math.Min(unread, seen - lost);
            if (quiet) break;
        }

        return before;
    }
}
