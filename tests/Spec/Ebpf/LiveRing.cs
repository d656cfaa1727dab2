using System.Diagnostics;
using Picket.Detection.Events;
using Picket.Sensors.Audit;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Audit;
using Picket.Sensors.Ebpf.Decoding;
using Picket.Sensors.Ebpf.Folders;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>The real programs in the real kernel, under a pin folder of their own, and what they reported so far.</summary>
internal sealed class LiveRing : IDisposable
{
    /// <summary>The programs see the whole machine: while a test's program runs and nobody reads, others must not fill the ring.</summary>
    private const int RingBytes = 16 * 1024 * 1024;

    /// <summary>Patient: on a busy machine a thread may be late, and what is found is what is tested.</summary>
    private static readonly FolderLookup Lookup = new(patienceMs: 2_000);
    private static int _number;

    private readonly List<SeenEvent> _seen = [];
    private readonly EventBatch _batch = new(RecordDecoder.MostPerRecord, 256 * 1024);
    private readonly EventSource _source = new("ebpf", "test", null, 0);
    private readonly List<ProgramSet> _also = [];
    private bool _removePins;

    public LiveRing(string pinFolder, string? objects = null, int ringBytes = 4 * 1024 * 1024, bool preferTyped = true,
        IReadOnlyCollection<string>? asked = null, params IReadOnlyList<Concern> also)
    {
        var options = KernelObjects.Require(pinFolder, ringBytes);
        Maps = SharedMaps.Open(objects is null ? options : new EbpfOptions(objects, pinFolder, ringBytes));
        Maps.AskedCalls = asked ?? [];
        Programs = ProgramSet.Start(Maps, Concern.Process, preferTyped);
        if (also.Count > 0) _also = [.. also.Append(Concern.Syscall).Select(concern => ProgramSet.Start(Maps, concern, preferTyped))];
        Reader = new RingReader(Maps);
        Waiter = new RingWaiter(Maps, Reader);
    }

    public SharedMaps Maps { get; }

    public ProgramSet Programs { get; }

    /// <summary>Programs that this kernel refused.</summary>
    public IEnumerable<MissingProgram> Missing => _also.SelectMany(programs => programs.Missing);

    public RingReader Reader { get; }

    public RingWaiter Waiter { get; }

    public RecordDecoder Decoder { get; } = new() { Folders = new FolderCache(Lookup, TimeProvider.System) };

    /// <summary>Whether what was read is published at once; else the position lags, as it does while a pipeline works.</summary>
    public bool PublishAtOnce { get; set; } = true;

    public static string NewPinFolder() => $"/sys/fs/bpf/picket-test-{Environment.ProcessId}-{Interlocked.Increment(ref _number)}";

    /// <summary>A ring whose pins go when it is disposed.</summary>
    public static LiveRing Private(int ringBytes = 4 * 1024 * 1024) => new(NewPinFolder(), null, ringBytes) { _removePins = true };

    /// <summary>The same with the programs of more concerns, typed or raw.</summary>
    public static LiveRing With(bool preferTyped, params IReadOnlyList<Concern> concerns) =>
        new(NewPinFolder(), null, RingBytes, preferTyped, null, concerns) { _removePins = true };

    /// <summary>The privilege concern with calls that rules name, and what else is made of what is read.</summary>
    public static LiveRing Asking(bool preferTyped, IReadOnlyCollection<string> calls, AuditPlan? plan = null)
    {
        var ring = new LiveRing(NewPinFolder(), null, RingBytes, preferTyped, calls, Concern.Privilege) { _removePins = true };
        ring.Decoder.Audit = plan is null ? null : new AuditView(plan);
        return ring;
    }

    /// <summary>The same with a ring that holds some hundred thousand records, so that a busy machine loses none.</summary>
    public static LiveRing Large(params IReadOnlyList<Concern> concerns) =>
        new(NewPinFolder(), null, 64 * 1024 * 1024, true, null, concerns) { _removePins = true };

    /// <summary>The same with a ring that is soon full.</summary>
    public static LiveRing Small(int ringBytes, params IReadOnlyList<Concern> concerns) =>
        new(NewPinFolder(), null, ringBytes, true, null, concerns) { _removePins = true };

    /// <summary>Reads everything there is; returns what matches of all that was read so far.</summary>
    public List<SeenEvent> Read(Func<SeenEvent, bool> match)
    {
        while (Reader.TryRead(out var record))
        {
            _batch.Begin(_source, null);
            Decoder.Decode(record, Reader.Position, false, _batch);
            for (var i = 0; i < _batch.Count; i++) _seen.Add(SeenEvent.Of(_batch.View(i)));
            _batch.LetGo();
        }

        if (PublishAtOnce) Reader.Publish(Reader.Position);
        return [.. _seen.Where(match)];
    }

    /// <summary>Waits until <paramref name="count"/> events match.</summary>
    public List<SeenEvent> WaitFor(string what, Func<SeenEvent, bool> match, int count = 1)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var found = Read(match);
            if (found.Count >= count) return found;
            if (watch.Elapsed > TimeSpan.FromSeconds(20)) Assert.Fail($"waited 20 s for {count} x {what}, saw {found.Count}; {Account()}");
            Waiter.Wait(100);
        }
    }

    /// <summary>Where the kernel's events went: one that is missing was lost, refused or never seen.</summary>
    private string Account()
    {
        var counters = Maps.ReadCounters();
        return string.Join("; ", Enum.GetValues<RecordKind>().Where(kind => counters[kind].Seen > 0).Select(kind =>
            $"{kind} {counters[kind].Seen}, in the ring {counters[kind].Submitted}, lost {counters[kind].Lost}, refused {counters[kind].Refused}, busy {counters[kind].Busy}, "
            + $"self {counters[kind].Self}, unasked {counters[kind].Unasked}"));
    }

    /// <summary>The exec, fork and exit of one process that has ended.</summary>
    public (SeenEvent Fork, SeenEvent Exec, SeenEvent Exit) LifeOf(int pid, string commandLinePart)
    {
        var exec = WaitFor($"exec of {commandLinePart}", e => e.Kind == EventKind.ProcessCreation && e.Key.Pid == pid
            && e[Fields.CommandLine]?.Contains(commandLinePart, StringComparison.Ordinal) == true)[^1];
        var exit = WaitFor("exit", e => e.Kind == EventKind.ProcessTermination && e.Key == exec.Key)[0];
        return (WaitFor("fork", e => e.Kind == EventKind.ProcessFork && e.Key == exec.Key)[0], exec, exit);
    }

    public void Dispose()
    {
        Waiter.Dispose();
        foreach (var programs in _also.Prepend(Programs))
        {
            if (_removePins) programs.Detach(Maps);
            else programs.Dispose();
        }

        if (_removePins) Maps.RemovePins();
        Maps.Dispose();
    }
}
