using System.Globalization;
using Picket.Sensors.Ebpf.Calls;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// What of one generation of a concern's programs must be in its place: links, entries in the tables of calls, pins, and the
/// number in the state map that makes them report. Looked at now and then.
/// </summary>
internal sealed class ProgramWatch(Concern concern, uint generation)
{
    private readonly List<(string Program, int Fd, BpfLinkInfo Info)> _links = [];
    private readonly List<(CallBinding Binding, uint Program, int Fd)> _called = [];

    /// <summary>Programs that are called by the one hook on system calls.</summary>
    public IEnumerable<CallBinding> Called => _called.Select(called => called.Binding);

    /// <summary>Watches an attached program; <paramref name="fd"/> must stay open as long as looks are taken.</summary>
    public void AddLink(SharedMaps maps, string program, int fd)
    {
        if (Bpf.TryLinkInfo(fd) is not { } info) return;
        _links.Add((program, fd, info));
        maps.Touches.AddLink(info.Id, concern);
    }

    /// <summary>Watches a program that is called.</summary>
    public void AddCalled(CallBinding binding, int fd) => _called.Add((binding, Bpf.IdOf(fd, isMap: false), fd));

    /// <summary>Looks at the system calls that are asked for now, new ones first, and no longer at others.</summary>
    public void TakeCalls(SharedMaps maps)
    {
        if (CallBindings.LaneOf(concern) is not { } lane) return;
        var dispatch = new CallDispatch(maps, lane);
        var bindings = CallBindings.Of(concern, maps.AskedCalls);
        for (var i = 0; i < _called.Count; i++)
        {
            var (old, program, fd) = _called[i];
            if (bindings.FirstOrDefault(binding => binding.Program == old.Program) is not { } binding) continue;
            if (binding.Names.SequenceEqual(old.Names)) continue;
            dispatch.Set(binding, fd);
            _called[i] = (binding, program, fd);
        }

        dispatch.Clear(Called);
    }

    /// <summary>The set ends: what happens to its links is of no interest any more.</summary>
    public void End(SharedMaps maps)
    {
        foreach (var link in _links) maps.Touches.RemoveLink(link.Info.Id);
    }

    /// <summary>What somebody else did to the programs; null when all is in its place.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="pins">How many pins the set made.</param>
    public ProgramDamage? Find(SharedMaps maps, int pins)
    {
        var found = Words(maps).ToList();
        if (found.Count > 0) return new ProgramDamage(string.Join("; ", found), true);
        if (maps.Pins is not { } folder) return null;
        var left = folder.Names(string.Create(CultureInfo.InvariantCulture, $"{ProgramSet.NameOf(concern)}-{generation}-")).Count;
        return left < pins ? new ProgramDamage($"{pins - left} of {pins} pins of its programs are gone from {folder.Folder}", false) : null;
    }

    /// <summary>The same of what an earlier run left: what a link should run is not known then, only that somebody changed it.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="pins">How many pins the set made.</param>
    public ProgramDamage? FindLeft(SharedMaps maps, int pins)
    {
        if (Find(maps, pins) is { } damage) return damage;
        var touch = maps.Touches.ChangeOf(_links.Select(link => link.Info.Id).ToHashSet());
        return touch is null ? null : new ProgramDamage($"a link of its programs was changed by {touch.Command}", true);
    }

    private IEnumerable<string> Words(SharedMaps maps)
    {
        var began = BootClock.NowNs;
        if (maps.State.Generation(concern) is var reporting && reporting != generation)
            yield return $"the state map names generation {reporting} of its programs, not {generation}";
        foreach (var (program, fd, before) in _links)
        {
            if (Bpf.TryLinkInfo(fd) is not { } now) continue;
            if (now.IsDetached) yield return $"the link of {program} is detached";
            else if (now.ProgramId != before.ProgramId) yield return $"the link of {program} runs another program ({now.ProgramId})";
        }

        // The looks at the links were calls of this process, which the hook must have seen.
        if (concern == Concern.Syscall && _links.Count > 0 && maps.Touches.AliveNs is var alive and not 0 && alive < began)
            yield return "the hook on system calls does not run any more";
        if (CallBindings.LaneOf(concern) is not { } lane) yield break;
        var dispatch = new CallDispatch(maps, lane);
        var missing = _called.Sum(called => dispatch.Missing(called.Binding, called.Program));
        if (missing > 0) yield return $"{missing} system calls are not handed to its programs any more";
    }
}
