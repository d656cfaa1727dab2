using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;
using Picket.Sensors.Linux;

namespace Picket.Sensors.Ebpf.Calls;

/// <summary>
/// Puts a concern's programs where the one hook on system calls finds them. The maps are pinned and hold the programs, so that
/// they go on when the node ends; replacing one is a single store, after which no call is seen by the old one.
/// </summary>
internal sealed class CallDispatch
{
    private readonly SharedMaps _maps;
    private readonly CallLane _lane;

    public CallDispatch(SharedMaps maps, CallLane lane)
    {
        _maps = maps;
        _lane = lane;
    }

    /// <summary>Where <paramref name="binding"/>'s calls stand in the table: own numbers, then those of the 32-bit entry.</summary>
    public static IEnumerable<int> SlotsOf(CallBinding binding) => CallsOf(binding).Select(call => call.Slot);

    /// <summary>The same with the call of each.</summary>
    public static IEnumerable<(int Slot, string Name)> CallsOf(CallBinding binding)
    {
        foreach (var name in binding.Names)
        {
            if (SyscallNames.NumberOf(CallNames.OwnEntry, name) is { } number) yield return (number, name);
            if (CallNames.CompatEntry is { } entry && SyscallNames.NumberOf(entry, name) is { } second)
                yield return (second + CallTable.Compat, name);
        }
    }

    /// <summary>Makes <paramref name="program"/> handle its binding's calls.</summary>
    public void Set(CallBinding binding, int program)
    {
        foreach (var (slot, name) in CallsOf(binding))
        {
            // The form first: a program that is called must find it.
            if (_lane == CallLane.File) _maps.Calls.SetForm(slot, FileCalls.FormOf(name));
            Bpf.Update(Programs(binding.Edge), Index(slot), program);
            _maps.Calls.Set(binding.Edge, slot, _lane, true);
        }
    }

    /// <summary>Ends the lane's look at every call that <paramref name="kept"/> does not name.</summary>
    public void Clear(IEnumerable<CallBinding> kept)
    {
        var stay = kept.SelectMany(binding => SlotsOf(binding).Select(slot => (binding.Edge, slot))).ToHashSet();
        foreach (var edge in Enum.GetValues<CallEdge>())
        {
            for (var slot = 0; slot < CallTable.Slots; slot++)
            {
                if (!_maps.Calls.Has(edge, slot, _lane) || stay.Contains((edge, slot))) continue;
                _maps.Calls.Set(edge, slot, _lane, false);
                Bpf.Delete(Programs(edge), Index(slot));
            }
        }
    }

    /// <summary>How many calls of <paramref name="binding"/> the tables do not hand to the program with the number
    /// <paramref name="program"/>; none when all is as it was set.</summary>
    public int Missing(CallBinding binding, uint program)
    {
        var missing = 0;
        foreach (var slot in SlotsOf(binding))
        {
            if (!_maps.Calls.Has(binding.Edge, slot, _lane) || Bpf.ProgramIn(Programs(binding.Edge), Index(slot)) != program) missing++;
        }

        return missing;
    }

    private uint Index(int slot) => (uint)((int)_lane * CallTable.Slots + slot);

    private SafeFileHandle Programs(CallEdge edge) => edge == CallEdge.Exit ? _maps.ExitCalls : _maps.EnterCalls;
}
