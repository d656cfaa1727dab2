using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// The entry of the state map, mapped: a store is seen by the programs at once and survives the process when the map is
/// pinned. Every number is stored whole; a reader never sees half of one.
/// </summary>
/// <remarks>Safe to use from any thread and at any time: there is nothing to dispose.</remarks>
public sealed unsafe class MappedState
{
    private readonly MappedMemory _memory;
    private readonly ulong[] _wanted = new ulong[StateRecord.KindMax / 64];
    private readonly Lock _gate = new();
    private (uint Pid, ulong StartNs) _self;
    private uint _guard;
    private bool _guardExpected;
    private bool _asked;

    internal MappedState(SafeFileHandle map) =>
        _memory = MappedMemory.Map("the state map", map, (nuint)sizeof(StateRecord), Libc.ProtRead | Libc.ProtWrite, 0);

    private ref StateRecord State => ref *(StateRecord*)_memory.Address;

    internal uint Abi
    {
        get => Volatile.Read(ref State.Abi);
        set => Volatile.Write(ref State.Abi, value);
    }

    /// <summary>How the last run ended; <see cref="RunState.Running"/> at a start says: not in order.</summary>
    public RunState Run
    {
        get => (RunState)Volatile.Read(ref Unsafe.As<RunState, uint>(ref State.Run));
        set => Volatile.Write(ref Unsafe.As<RunState, uint>(ref State.Run), (uint)value);
    }

    /// <summary>Boot time in nanoseconds at which the last run began; 0 for none.</summary>
    public ulong StartedNs
    {
        get => Volatile.Read(ref State.Started);
        set => Volatile.Write(ref State.Started, value);
    }

    /// <summary>The ring position up to which records were handed on. After an unclean end, what is read below it is a repeat.</summary>
    public ulong HandedPosition
    {
        get => Volatile.Read(ref State.Handed);
        set => Volatile.Write(ref State.Handed, value);
    }

    /// <summary>Names the sensor's own process, whose file and network events the programs drop and count as self.</summary>
    public void SetSelf(int pid, ulong startNs)
    {
        lock (_gate)
        {
            _self = ((uint)pid, startNs);
            Volatile.Write(ref State.SelfStart, startNs);
            Volatile.Write(ref State.SelfTgid, (uint)pid);
        }
    }

    /// <summary>
    /// The next process that this thread starts is the one that watches over the sensor: the programs know it from its first
    /// moment, when nobody else knows its number. <see cref="SetGuard"/> must follow, whatever comes of the start.
    /// </summary>
    public void ExpectGuard() =>
        ExpectGuardOf(int.Parse(Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!), CultureInfo.InvariantCulture));

    /// <summary>The same for the next process of this thread.</summary>
    internal void ExpectGuardOf(int thread)
    {
        lock (_gate)
        {
            _guardExpected = true;
            Volatile.Write(ref State.GuardBy, (uint)thread);
        }
    }

    /// <summary>
    /// Names the process that watches over the sensor; 0 for none. What others do to it is reported as if done to the sensor.
    /// </summary>
    public void SetGuard(int pid)
    {
        lock (_gate)
        {
            _guard = (uint)pid;
            _guardExpected = false;
            Volatile.Write(ref State.GuardBy, 0);
            Volatile.Write(ref State.GuardTgid, (uint)pid);
        }
    }

    /// <summary>Says which kinds the programs report; what else they see is counted as unasked.</summary>
    public void SetWanted(Func<RecordKind, bool> wants)
    {
        using var held = _gate.EnterScope();
        for (var word = 0; word < StateRecord.KindMax / 64; word++)
        {
            var bits = 0UL;
            for (var bit = 0; bit < 64; bit++)
            {
                if (wants((RecordKind)(word * 64 + bit))) bits |= 1UL << bit;
            }

            _wanted[word] = bits;
            Volatile.Write(ref State.Wanted[word], bits);
        }

        _asked = true;
    }

    /// <summary>Puts back what somebody else wrote over; says in words what it was, or null when all is as it was left.</summary>
    internal string? Mend()
    {
        List<string>? found = null;
        using var held = _gate.EnterScope();
        var self = (Volatile.Read(ref State.SelfTgid), Volatile.Read(ref State.SelfStart));
        if (self != _self)
        {
            (found ??= []).Add($"the state map named process {self.Item1} as the sensor, whose own doings are not reported");
            SetSelf((int)_self.Pid, _self.StartNs);
        }

        if (!_guardExpected && Volatile.Read(ref State.GuardTgid) is var guard && guard != _guard)
        {
            (found ??= []).Add($"the state map named process {guard} as the sensor's guard, and not {_guard}");
            Volatile.Write(ref State.GuardTgid, _guard);
        }

        for (var word = 0; _asked && word < _wanted.Length; word++)
        {
            if (Volatile.Read(ref State.Wanted[word]) == _wanted[word]) continue;
            (found ??= []).Add("the kinds that the state map asks for were others");
            Volatile.Write(ref State.Wanted[word], _wanted[word]);
        }

        return found is null ? null : string.Join("; ", found.Distinct());
    }

    /// <summary>What was reported of a kind's counters; survives the process, so that the next start reports only the rest.</summary>
    public CounterRow Acknowledged(RecordKind kind) => State.Acknowledged[(int)kind];

    /// <summary>Notes that a kind's counters were reported up to <paramref name="row"/>.</summary>
    public void Acknowledge(RecordKind kind, in CounterRow row) => State.Acknowledged[(int)kind] = row;

    /// <summary>The generation whose programs report; 0 for none.</summary>
    public uint Generation(Concern concern) => Volatile.Read(ref State.Generation[(int)concern]);

    internal ulong Build(Concern concern) => Volatile.Read(ref State.Build[(int)concern]);

    /// <summary>
    /// Makes one generation report instead of another. The build is unknown in between: a process that ends here leaves a
    /// generation that the next start does not take over but replaces.
    /// </summary>
    internal void Switch(Concern concern, uint generation, ulong build)
    {
        Volatile.Write(ref State.Build[(int)concern], 0);
        Interlocked.MemoryBarrier();
        Volatile.Write(ref State.Generation[(int)concern], generation);
        Interlocked.MemoryBarrier();
        Volatile.Write(ref State.Build[(int)concern], build);
    }
}
