using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;
using Picket.Sensors.Linux;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// The programs' notes of changes of the sensor's own objects, mapped, and the list of those objects. A note tells to the
/// nanosecond since when something is damaged that the watch finds a while later, and who did it.
/// </summary>
internal sealed unsafe class MappedTouches
{
    /// <summary>Objects that may be listed: the maps, and the links of two generations of all concerns.</summary>
    public const int OwnObjects = 512;

    private const ulong OwnMap = 1UL << 32, OwnLink = 2UL << 32;

    private readonly SafeFileHandle _own;
    private readonly MappedMemory _memory;
    private readonly Lock _gate = new();
    private readonly HashSet<ulong> _said = [];
    private readonly Dictionary<uint, string> _maps = [];

    public MappedTouches(SafeFileHandle own, SafeFileHandle touched)
    {
        _own = own;
        _memory = MappedMemory.Map("the notes of changes", touched, (nuint)sizeof(TouchesRecord), Libc.ProtRead | Libc.ProtWrite, 0);

        // Who the sensor is has to be found out anew: until then nothing is noted.
        PreviousAliveNs = AliveNs;
        Volatile.Write(ref Record.Alive, 0);
        foreach (var key in Bpf.Keys(own)) Bpf.Take(own, key);
    }

    /// <summary>Boot time in nanoseconds of the sensor's own last bpf(2), as the hook saw it; 0 before the first.</summary>
    public ulong AliveNs => Volatile.Read(ref Record.Alive);

    /// <summary>The same of the run before; 0 where there was none.</summary>
    public ulong PreviousAliveNs { get; }

    /// <summary>How many changes were noted; grows with each.</summary>
    public ulong Noted => Volatile.Read(ref Record.Next);

    private ref TouchesRecord Record => ref *(TouchesRecord*)_memory.Address;

    /// <summary>Lists a map, which all concerns share.</summary>
    public void AddMap(uint id, string name)
    {
        _maps[id] = name;
        Bpf.Put(_own, OwnMap | id, StateRecord.ConcernMax);
    }

    /// <summary>Lists a link of a concern.</summary>
    public void AddLink(uint id, Concern concern) => Bpf.Put(_own, OwnLink | id, (uint)concern);

    /// <summary>Takes a link off the list: its programs are replaced.</summary>
    public void RemoveLink(uint id) => Bpf.Take(_own, OwnLink | id);

    /// <summary>
    /// The first change after <paramref name="boundNs"/> of a link of <paramref name="concern"/> or of a map; null when none was
    /// noted, or so many that the first is not kept any more.
    /// </summary>
    public ObjectTouch? FirstSince(ulong boundNs, Concern concern)
    {
        TouchRecord? first = null;
        using var held = _gate.EnterScope();
        var older = Volatile.Read(ref Record.Next) < TouchesRecord.Kept;
        for (var i = 0; i < TouchesRecord.Kept; i++)
        {
            var touch = Record.Last[i];
            if (touch.Time <= boundNs) older |= touch.Time != 0;
            else if (touch.Owner != (uint)concern && touch.Owner != StateRecord.ConcernMax) continue;
            else
            {
                _said.Add(touch.Time);
                if (touch.Time < (first?.Time ?? ulong.MaxValue)) first = touch;
            }
        }

        return older && first is { } found ? Named(found) : null;
    }

    /// <summary>
    /// Changes of maps since the end of the run before, up to <paramref name="untilNs"/>, that <see cref="FirstSince"/> was not asked
    /// about. Each is given once, and no more than are kept.
    /// </summary>
    public IReadOnlyList<ObjectTouch> TakeUnsaid(ulong untilNs)
    {
        List<ObjectTouch>? unsaid = null;
        using var held = _gate.EnterScope();
        for (var i = 0; i < TouchesRecord.Kept; i++)
        {
            var touch = Record.Last[i];
            if (touch.Time <= PreviousAliveNs || touch.Time > untilNs || touch.Owner != StateRecord.ConcernMax) continue;
            if (_said.Add(touch.Time)) (unsaid ??= []).Add(Named(touch));
        }

        return unsaid ?? (IReadOnlyList<ObjectTouch>)[];
    }

    /// <summary>A change of one of these links since the end of the run before; null for none, or where so many were noted since.</summary>
    public ObjectTouch? ChangeOf(IReadOnlySet<uint> links)
    {
        for (var i = 0; i < TouchesRecord.Kept; i++)
        {
            var touch = Record.Last[i];
            if (touch.Time > PreviousAliveNs && touch.Owner != StateRecord.ConcernMax && links.Contains(touch.Id)) return Named(touch);
        }

        return null;
    }

    private ObjectTouch Named(TouchRecord touch)
    {
        ReadOnlySpan<byte> comm = touch.Comm;
        var end = comm.IndexOf((byte)0);
        var command = KernelNames.BpfCommands.NameOf(touch.Command) is { Length: > 0 } name
            ? Encoding.ASCII.GetString(name) : touch.Command.ToString(CultureInfo.InvariantCulture);
        return new ObjectTouch(touch.Time, (int)touch.Pid, Encoding.UTF8.GetString(end < 0 ? comm : comm[..end]), command)
            { Map = _maps.GetValueOrDefault(touch.Id) ?? "" };
    }
}
