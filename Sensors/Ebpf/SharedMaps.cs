using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf.Calls;
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

    private const string CallsName = "calls";
    private const string ExitCallsName = "exit_calls";
    private const string EnterCallsName = "enter_calls";

    private const string OpenedName = "opened";
    private const string ChosenName = "chosen";

    private const string ScratchName = "scratch";

    private const string OwnName = "own";
    private const string TouchedName = "touched";

    /// <summary>Slots per CPU, and the size of one; see bpf/scratch.h.</summary>
    internal const uint ScratchSlots = 3, ScratchBytes = 73_784;

    /// <summary>Files open for writing that are remembered, and the size of what is; see bpf/settle.h.</summary>
    private const uint OpenedFiles = 16_384, OpenedBytes = 40;

    /// <summary>Names that may be chosen; see bpf/names.h.</summary>
    internal const int ChosenNames = 4096;

    private readonly Dictionary<string, SafeFileHandle> _maps;

    private SharedMaps(EbpfOptions options, BpfFileSystem? pins, Dictionary<string, SafeFileHandle> maps)
    {
        Options = options;
        Pins = pins;
        _maps = maps;
        State = new MappedState(StateMap);
        Calls = new MappedCalls(maps[CallsName]);
        Calls.SetClock();
        State.SetSelf(0, 0);
        State.SetGuard(0);
        Touches = new MappedTouches(maps[OwnName], maps[TouchedName]);
        foreach (var (name, map) in maps) Touches.AddMap(Bpf.IdOf((int)map.DangerousGetHandle(), isMap: true), name);
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

    /// <summary>System calls that rules name, beside those that are always handled. Set before programs are started.</summary>
    public IReadOnlyCollection<string> AskedCalls { get; set; } = [];

    internal BpfFileSystem? Pins { get; }

    internal SafeFileHandle Ring => _maps[RingName];

    internal SafeFileHandle CounterMap => _maps[CountersName];

    internal SafeFileHandle StateMap => _maps[StateName];

    /// <summary>Which system calls are handled.</summary>
    internal MappedCalls Calls { get; }

    /// <summary>Who changed the sensor's own objects, and when.</summary>
    internal MappedTouches Touches { get; }

    /// <summary>The programs that look at calls' exits, by lane and slot.</summary>
    internal SafeFileHandle ExitCalls => _maps[ExitCallsName];

    /// <summary>The programs that look at calls' entries, by lane and slot.</summary>
    internal SafeFileHandle EnterCalls => _maps[EnterCallsName];

    /// <summary>Names of files whose opening for reading is reported.</summary>
    internal SafeFileHandle Chosen => _maps[ChosenName];

    /// <summary>All maps that objects share, by the name under which they declare them.</summary>
    internal IReadOnlyDictionary<string, SafeFileHandle> Maps => _maps;

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
    /// Pins anew what somebody else unpinned, since the next start would find a part of a sensor only; says what was found, in
    /// words, or null when all is in its place.
    /// </summary>
    internal string? Mend()
    {
        if (Pins is null) return null;
        var gone = _maps.Keys.Except(Pins.Names("")).ToList();
        if (gone.Count == 0) return null;
        Pins.Restore();
        foreach (var name in gone) Bpf.Pin((int)_maps[name].DangerousGetHandle(), Pins[name]);
        return $"the pins of {string.Join(", ", gone)} were gone from {Pins.Folder}, and were made again";
    }

    /// <summary>
    /// Removes every pin: the programs end with the last handle. For an uninstallation, or a stop that should see nothing until
    /// the next start.
    /// </summary>
    public void RemovePins() => Pins?.RemoveAll();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var map in _maps.Values) map.Dispose();
        Pins?.Dispose();
    }

    private static SharedMaps Open(EbpfOptions options, BpfFileSystem? pins)
    {
        var shapes = ShapesOf(options);
        string? discarded = null;
        var unread = 0UL;
        if (pins is not null && pins.Names("").Count > 0)
        {
            var found = new Dictionary<string, SafeFileHandle>(StringComparer.Ordinal);
            foreach (var (name, shape) in shapes)
            {
                var map = Bpf.TryOpen(pins[name]);
                discarded ??= Mismatch(name, map, shape);
                if (map is not null) found.Add(name, map);
            }

            if (discarded is null && RingReader.UnreadBytes(found[RingName], (ulong)options.RingBytes) is null)
                discarded = "the positions of the pinned ring contradict each other";
            if (discarded is null)
            {
                var previous = Begin(found[StateName], out var handed);
                var taken = new SharedMaps(options, pins, found)
                    { TakenOver = true, Previous = previous, RepeatedUpTo = previous == RunState.Running ? handed : 0 };
                if (taken.State.Abi == StateRecord.CurrentAbi) return taken;
                discarded = $"the pinned maps speak version {taken.State.Abi} of the records, this build version {StateRecord.CurrentAbi}";
            }

            if (found.GetValueOrDefault(RingName) is { } ring && Bpf.ShapeOf(ring).Type == BpfMapType.RingBuffer)
                unread = RingReader.UnreadBytes(ring, Bpf.ShapeOf(ring).MaxEntries) ?? 0;
            foreach (var map in found.Values) map.Dispose();
            foreach (var name in pins.Names("")) pins.Remove(name);
        }

        var maps = shapes.ToDictionary(map => map.Name, map => Bpf.CreateMap(map.Name, map.Shape), StringComparer.Ordinal);
        var made = new SharedMaps(options, pins, maps) { Discarded = discarded, DiscardedBytes = unread };
        made.State.Abi = StateRecord.CurrentAbi;
        made.State.Run = RunState.Running;
        made.State.SetWanted(_ => true);
        if (pins is null) return made;
        foreach (var (name, map) in maps) Bpf.Pin((int)map.DangerousGetHandle(), pins[name]);
        return made;
    }

    private static (string Name, BpfMapShape Shape)[] ShapesOf(EbpfOptions options) =>
    [
        (RingName, new BpfMapShape(BpfMapType.RingBuffer, 0, 0, (uint)options.RingBytes, 0)),
        (CountersName, new BpfMapShape(BpfMapType.PerCpuArray, 4, (uint)sizeof(CounterRow), StateRecord.KindMax, 0)),
        (StateName, new BpfMapShape(BpfMapType.Array, 4, (uint)sizeof(StateRecord), 1, Bpf.Mmapable)),
        (ScratchName, new BpfMapShape(BpfMapType.Array, 4, ScratchBytes, ScratchSlots * (uint)PossibleCpus, 0)),
        (CallsName, new BpfMapShape(BpfMapType.Array, 4, (uint)sizeof(CallTable), 1, Bpf.Mmapable)),
        (ExitCallsName, new BpfMapShape(BpfMapType.ProgramArray, 4, 4, CallTable.Lanes * CallTable.Slots, 0)),
        (EnterCallsName, new BpfMapShape(BpfMapType.ProgramArray, 4, 4, CallTable.Lanes * CallTable.Slots, 0)),
        (OpenedName, new BpfMapShape(BpfMapType.LruHash, 8, OpenedBytes, OpenedFiles, 0)),
        (ChosenName, new BpfMapShape(BpfMapType.Hash, 8, 4, ChosenNames, 0)),
        (OwnName, new BpfMapShape(BpfMapType.Hash, 8, 4, MappedTouches.OwnObjects, 0)),
        (TouchedName, new BpfMapShape(BpfMapType.Array, 4, (uint)sizeof(TouchesRecord), 1, Bpf.Mmapable)),
    ];

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
