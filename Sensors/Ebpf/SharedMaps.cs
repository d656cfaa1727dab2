using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// The ring, the counters and the state that all objects share: taken over from bpffs where an earlier run left them in the
/// same shape, else made new.
/// </summary>
public sealed unsafe class SharedMaps : IDisposable
{
    private const string RingName = "events";
    private const string CountersName = "counters";
    private const string StateName = "state";

    private SharedMaps(EbpfOptions options, BpfFileSystem? pins, SafeFileHandle ring, SafeFileHandle counters, SafeFileHandle state)
    {
        Options = options;
        Pins = pins;
        Ring = ring;
        CounterMap = counters;
        StateMap = state;
        State = new MappedState(state);
    }

    /// <summary>What the maps were opened with.</summary>
    public EbpfOptions Options { get; }

    /// <summary>The mapped state.</summary>
    public MappedState State { get; }

    /// <summary>Whether an earlier run's maps were taken over, with what they hold.</summary>
    public bool TakenOver { get; private init; }

    /// <summary>
    /// How the run before this one ended. <see cref="RunState.Running"/>: not in order, so that records may be read again.
    /// </summary>
    public RunState Previous { get; private init; }

    /// <summary>
    /// Records that end at or below this ring position were handed on by a run that ended without completing them all: what is
    /// read of them now may be a repeat. 0 after an end in order.
    /// </summary>
    public ulong RepeatedUpTo { get; private init; }

    /// <summary>
    /// Why an earlier run's maps could not be taken over; null when there were none or they were. What was unread in them is
    /// lost.
    /// </summary>
    public string? Discarded { get; private init; }

    /// <summary>Bytes that were unread in <see cref="Discarded"/> maps.</summary>
    public ulong DiscardedBytes { get; private init; }

    internal BpfFileSystem? Pins { get; }

    internal SafeFileHandle Ring { get; }

    internal SafeFileHandle CounterMap { get; }

    internal SafeFileHandle StateMap { get; }

    internal static int PossibleCpus { get; } = CountPossible(File.ReadAllText("/sys/devices/system/cpu/possible").Trim());

    /// <summary>Opens or makes the maps and notes in them that a run has begun.</summary>
    /// <exception cref="BpfException">The kernel refuses, bpffs cannot be had, or another sensor runs on the same folder.</exception>
    public static SharedMaps Open(EbpfOptions options)
    {
        if (NativeLibraries.TryUseLibBpf(options.LibBpfPath) is { } problem) throw new BpfException(problem, 0);
        Libc.LiftLockedMemoryLimit();
        var pins = options.PinFolder is null ? null : BpfFileSystem.Open(options.PinFolder);
        try
        {
            return Open(options, pins);
        }
        catch
        {
            pins?.Dispose();
            throw;
        }
    }

    /// <summary>Notes that the run ended in order: everything read was handed on and completed.</summary>
    public void MarkStopped() => State.Run = RunState.Stopped;

    /// <summary>Sums the counters over all CPUs.</summary>
    public CounterSnapshot ReadCounters() => CounterSnapshot.Read(CounterMap, PossibleCpus);

    /// <summary>
    /// Removes every pin: the programs end with the last handle. For an uninstallation, or a stop that should see nothing until
    /// the next start.
    /// </summary>
    public void RemovePins() => Pins?.RemoveAll();

    /// <inheritdoc/>
    public void Dispose()
    {
        Ring.Dispose();
        CounterMap.Dispose();
        StateMap.Dispose();
        Pins?.Dispose();
    }

    private static SharedMaps Open(EbpfOptions options, BpfFileSystem? pins)
    {
        var ringShape = new BpfMapShape(BpfMapType.RingBuffer, 0, 0, (uint)options.RingBytes, 0);
        var counterShape = new BpfMapShape(BpfMapType.PerCpuArray, 4, (uint)sizeof(CounterRow), StateRecord.KindMax, 0);
        var stateShape = new BpfMapShape(BpfMapType.Array, 4, (uint)sizeof(StateRecord), 1, Bpf.Mmapable);
        string? discarded = null;
        var unread = 0UL;
        if (pins is not null && pins.Names("").Count > 0)
        {
            var (ring, counters, state) = (Bpf.TryOpen(pins[RingName]), Bpf.TryOpen(pins[CountersName]), Bpf.TryOpen(pins[StateName]));
            discarded = Mismatch(RingName, ring, ringShape) ?? Mismatch(CountersName, counters, counterShape)
                ?? Mismatch(StateName, state, stateShape);
            if (discarded is null)
            {
                var previous = Begin(state!, out var handed);
                var taken = new SharedMaps(options, pins, ring!, counters!, state!)
                    { TakenOver = true, Previous = previous, RepeatedUpTo = previous == RunState.Running ? handed : 0 };
                if (taken.State.Abi == StateRecord.CurrentAbi) return taken;
                discarded = $"the pinned maps speak version {taken.State.Abi} of the records, this build version {StateRecord.CurrentAbi}";
            }

            if (ring is not null && Bpf.ShapeOf(ring).Type == BpfMapType.RingBuffer)
                unread = RingReader.UnreadBytes(ring, Bpf.ShapeOf(ring).MaxEntries);
            ring?.Dispose();
            counters?.Dispose();
            state?.Dispose();
            foreach (var name in pins.Names("")) pins.Remove(name);
        }

        var made = new SharedMaps(options, pins, Bpf.CreateMap(RingName, ringShape), Bpf.CreateMap(CountersName, counterShape),
            Bpf.CreateMap(StateName, stateShape)) { Discarded = discarded, DiscardedBytes = unread };
        made.State.Abi = StateRecord.CurrentAbi;
        made.State.Run = RunState.Running;
        if (pins is null) return made;
        Bpf.Pin((int)made.Ring.DangerousGetHandle(), pins[RingName]);
        Bpf.Pin((int)made.CounterMap.DangerousGetHandle(), pins[CountersName]);
        Bpf.Pin((int)made.StateMap.DangerousGetHandle(), pins[StateName]);
        return made;
    }

    private static RunState Begin(SafeFileHandle map, out ulong handed)
    {
        var state = new MappedState(map);
        handed = state.HandedPosition;
        var previous = state.Run;
        if (state.Abi == StateRecord.CurrentAbi) state.Run = RunState.Running;
        return previous;
    }

    private static string? Mismatch(string name, SafeFileHandle? map, in BpfMapShape wanted)
    {
        if (map is null) return $"the pin of {name} is missing";
        var found = Bpf.ShapeOf(map);
        return found == wanted ? null : $"the pinned map {name} is {found}, this build and its options want {wanted}";
    }

    private static int CountPossible(string ranges) =>
        ranges.Split(',').Max(range => int.Parse(range.Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture)) + 1;
}
