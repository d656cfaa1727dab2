using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf.Btf;
using Picket.Sensors.Ebpf.Calls;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// The attached programs of one concern. What an earlier run left attached is taken over when it came from the same object;
/// else the new programs are attached beside the old ones, one store in the state map makes the new generation report
/// instead of the old, and then the old links go. So nothing is missed; an event that passes just while the number changes
/// may be reported twice, and its process key and exec id tell.
/// </summary>
public sealed class ProgramSet : IDisposable
{
    private const string KernelTypes = "/sys/kernel/btf/vmlinux";
    private const string TypedSuffix = "_btf";
    private const string RawSuffix = "_raw";
    private const string CalledPrefix = "call_";
    private const string EnterPrefix = "enter_";
    private const string ModuleProgram = "module";
    private const string LoadedModules = "/proc/modules";
    private const string CgroupPrefix = "cgroup";

    private readonly BpfObjectHandle? _object;
    private readonly List<BpfLinkHandle> _links;
    private readonly List<SafeFileHandle> _adopted;
    private readonly bool _pinned;

    private ProgramSet(Concern concern, uint generation, ProgramWatch watch, BpfObjectHandle? handle, List<BpfLinkHandle> links,
        List<SafeFileHandle> adopted, bool pinned, IReadOnlyList<ProgramCost> costs)
    {
        Concern = concern;
        Generation = generation;
        Watch = watch;
        _object = handle;
        _links = links;
        _adopted = adopted;
        _pinned = pinned;
        Costs = costs;
    }

    /// <summary>The concern.</summary>
    public Concern Concern { get; }

    /// <summary>The generation that reports.</summary>
    public uint Generation { get; }

    /// <summary>Whether the programs of an earlier run were taken over, and so watched all the time in between.</summary>
    public bool TakenOver => _object is null;

    /// <summary>Attached programs.</summary>
    public int Count => _links.Count + _adopted.Count;

    /// <summary>Programs that this kernel refuses or has no hook for: what they would see is not seen.</summary>
    public IReadOnlyList<MissingProgram> Missing { get; private init; } = [];

    /// <summary>Why what an earlier run left of the same programs was not taken over; null when it was, or there was none.</summary>
    internal ProgramDamage? FoundDamage { get; private init; }

    /// <summary>Boot time in nanoseconds since which the set's programs report.</summary>
    internal ulong SeesSinceNs { get; private init; }

    internal ProgramWatch Watch { get; }

    /// <summary>What the verifier walked for each program loaded by this run.</summary>
    public IReadOnlyList<ProgramCost> Costs { get; }

    /// <summary>Takes over or loads and attaches the programs of a concern from <c>NAME.bpf.o</c> in the object folder.</summary>
    /// <exception cref="BpfException">The object is missing or unreadable, or the kernel refuses it; carries the verifier's
    /// log.</exception>
    public static ProgramSet Start(SharedMaps maps, Concern concern) => Start(maps, concern, preferTyped: true);

    /// <summary>As above; a test asks for the raw twins on kernels that have the types, too.</summary>
    internal static ProgramSet Start(SharedMaps maps, Concern concern, bool preferTyped)
    {
        var name = NameOf(concern);
        var image = ReadObject(maps.Options, name);
        var build = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(image));
        var state = maps.State;
        var current = state.Generation(concern);
        var prefix = $"{name}-";
        var livePrefix = string.Create(CultureInfo.InvariantCulture, $"{name}-{current}-");
        ProgramDamage? damage = null;
        if (maps.Pins is { } kept)
        {
            // What a run left that ended between attaching and switching.
            foreach (var stale in kept.Names(prefix).Where(stale => current == 0
                || !stale.StartsWith(livePrefix, StringComparison.Ordinal))) kept.Remove(stale);
            if (current != 0 && state.Build(concern) == build)
            {
                if (TryAdopt(maps, kept, livePrefix, concern, current, out var found) is { } adopted) return adopted;
                damage = found;
            }
        }

        var generation = current == uint.MaxValue ? 1 : current + 1;
        using var log = LibBpfLog.Capture();
        var missing = new List<MissingProgram>();
        var handle = LoadWhatCan(maps, name, image, generation, preferTyped, log, missing);
        var links = new List<BpfLinkHandle>();
        try
        {
            var costs = new List<ProgramCost>();
            var pinned = new List<(string Name, int Fd)>();
            var watch = new ProgramWatch(concern, generation);
            var dispatch = CallBindings.LaneOf(concern) is { } lane ? new CallDispatch(maps, lane) : null;
            foreach (var program in LibBpf.Programs(handle))
            {
                var fd = LibBpf.bpf_program__fd(program);
                if (fd < 0) continue;
                var called = LibBpf.ProgramName(program);
                costs.Add(new ProgramCost(called, Bpf.VerifiedInstructions(fd)));
                if (IsCalled(called))
                {
                    var binding = CallBindings.Of(concern, maps.AskedCalls).First(binding => binding.Program == BaseOf(called));
                    dispatch!.Set(binding, fd);
                    watch.AddCalled(binding, fd);
                    pinned.Add((called, fd));
                }
                else if (TryAttach(program, log, missing) is { } link)
                {
                    links.Add(link);
                    pinned.Add((called, LibBpf.bpf_link__fd(link)));
                    watch.AddLink(maps, called, pinned[^1].Fd);
                }
            }

            if (pinned.Count == 0) throw new BpfException($"no program of {name}.bpf.o can be used here: {string.Join("; ", missing)}", 0);
            if (maps.Pins is { } pins)
            {
                // The number of pins stands in each name, so that a half-pinned set is never taken over for a whole one.
                foreach (var (called, fd) in pinned)
                    Bpf.Pin(fd, pins[string.Create(CultureInfo.InvariantCulture, $"{prefix}{generation}-{pinned.Count}-{called}")]);
            }

            state.Switch(concern, generation, build);
            var sees = BootClock.NowNs;
            dispatch?.Clear(watch.Called);
            if (maps.Pins is { } after)
            {
                foreach (var old in after.Names(livePrefix)) after.Remove(old);
            }

            return new ProgramSet(concern, generation, watch, handle, links, [], maps.Pins is not null, costs)
                { Missing = missing, SeesSinceNs = sees, FoundDamage = damage };
        }
        catch
        {
            foreach (var link in links) link.Dispose();
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Stops watching: detaches the programs, pinned or not.</summary>
    public void Detach(SharedMaps maps)
    {
        if (maps.Pins is { } pins)
        {
            foreach (var name in pins.Names($"{NameOf(Concern)}-")) pins.Remove(name);
        }

        if (CallBindings.LaneOf(Concern) is { } lane) new CallDispatch(maps, lane).Clear([]);
        Watch.End(maps);
        foreach (var link in _links) link.Dispose();
        foreach (var link in _adopted) link.Dispose();
        _object?.Dispose();
    }

    /// <summary>What somebody else did to the set since it was started; null when all is in its place.</summary>
    internal ProgramDamage? FindDamage(SharedMaps maps) =>
        Watch.Find(maps, _object is null ? _adopted.Count : _links.Count + Watch.Called.Count());

    /// <summary>Lets go of a set that was replaced, whose links are the sensor's no more.</summary>
    internal void Replaced(SharedMaps maps)
    {
        Watch.End(maps);
        Dispose();
    }

    /// <summary>Lets go of the programs: pinned ones go on and fill the ring until the next start, others end.</summary>
    public void Dispose()
    {
        foreach (var link in _links)
        {
            if (_pinned && !link.IsClosed) link.Forsake();
            link.Dispose();
        }

        foreach (var link in _adopted) link.Dispose();
        _object?.Dispose();
    }

    internal static BpfObjectHandle Load(SharedMaps maps, string name, byte[] image, uint generation, bool preferTyped, LibBpfLog log,
        Func<string, bool>? leaveOut = null)
    {
        var opened = LibBpf.bpf_object__open_mem(image, (nuint)image.Length, 0);
        if (LibBpf.IsError(opened, out var errno)) throw new BpfException($"{name}.bpf.o cannot be opened", errno, log.Text);
        var handle = new BpfObjectHandle(opened);
        try
        {
            foreach (var (shared, map) in maps.Maps) Reuse(handle, shared, map);
            if (LibBpf.MapEndingIn(handle, ".rodata") is var rodata and not 0)
            {
                var config = new ProgramConfig
                {
                    Generation = generation,
                    Cpus = (uint)SharedMaps.PossibleCpus,
                    RingSize = (ulong)maps.Options.RingBytes,
                    Options = OptionsOf(maps.Options),
                };
                Check(LibBpf.bpf_map__set_initial_value(rodata, config, (nuint)Marshal.SizeOf<ProgramConfig>()),
                    $"the configuration of {name}.bpf.o has another size than this build's");
            }

            Choose(handle, preferTyped, leaveOut ?? (_ => false));
            var result = LibBpf.bpf_object__load(handle);
            if (result < 0) throw new BpfException($"the kernel refuses {name}.bpf.o", -result, log.Text);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    internal static byte[] ReadObject(EbpfOptions options, string name)
    {
        var path = Path.Combine(options.ObjectFolder, $"{name}.bpf.o");
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (IOException e)
        {
            throw new BpfException($"the compiled programs {path} cannot be read ({e.Message}); bpf/build.sh makes them", 0);
        }
    }

    /// <summary>The name of a concern's object and pins.</summary>
    internal static string NameOf(Concern concern) => concern switch
    {
        Concern.Process => "process",
        Concern.File => "file",
        Concern.Network => "network",
        Concern.Dns => "dns",
        Concern.Privilege => "privilege",
        Concern.Uring => "uring",
        Concern.Syscall => "syscalls",
        _ => throw new ArgumentOutOfRangeException(nameof(concern), concern, null),
    };

    /// <summary>
    /// Of a program that exists as x_btf and x_raw, loads the first where the kernel's type information has the tracepoint's
    /// type, else the second.
    /// </summary>
    private static void Choose(BpfObjectHandle handle, bool preferTyped, Func<string, bool> leaveOut)
    {
        BtfData? kernel = null;
        foreach (var program in LibBpf.Programs(handle))
        {
            var name = LibBpf.ProgramName(program);
            if (leaveOut(name))
            {
                Check(LibBpf.bpf_program__set_autoload(program, false), $"{name} cannot be left out");
                continue;
            }

            var typed = name.EndsWith(TypedSuffix, StringComparison.Ordinal);
            if (!typed && !name.EndsWith(RawSuffix, StringComparison.Ordinal)) continue;
            kernel ??= new BtfData(File.ReadAllBytes(KernelTypes));
            var tracepoint = LibBpf.SectionName(program).Split('/')[^1];
            var known = preferTyped && kernel.Contains(BtfKind.Typedef, $"btf_trace_{tracepoint}");
            Check(LibBpf.bpf_program__set_autoload(program, typed == known), $"{name} cannot be chosen");
        }
    }

    /// <summary>
    /// Loads the object; a program that the kernel refuses is left out, said, and the rest is tried again, so that one hook that a
    /// kernel lacks costs its own kind only.
    /// </summary>
    private static BpfObjectHandle LoadWhatCan(SharedMaps maps, string name, byte[] image, uint generation, bool preferTyped, LibBpfLog log,
        List<MissingProgram> missing)
    {
        var needsEntries = maps.Options.Concerns.SelectMany(concern => CallBindings.Of(concern, maps.AskedCalls))
            .Any(binding => binding.Edge == CallEdge.Enter);

        // A kernel that takes no modules has no tracepoint for them, and nothing is missed.
        var takesModules = File.Exists(LoadedModules);
        while (true)
        {
            try
            {
                return Load(maps, name, image, generation, preferTyped, log, program => missing.Any(left => left.Program == program)
                    || (program == ModuleProgram && !takesModules)
                    || (!needsEntries && name == NameOf(Concern.Syscall) && program.StartsWith(EnterPrefix, StringComparison.Ordinal)));
            }
            catch (BpfException e) when (log.RefusedProgram is { } refused && missing.All(left => left.Program != refused))
            {
                missing.Add(new MissingProgram(refused, e.Message));
                log.Forget();
            }
        }
    }

    private static BpfLinkHandle? TryAttach(nint program, LibBpfLog log, List<MissingProgram> missing)
    {
        BpfException failure;
        try
        {
            var link = Attach(program);
            if (!LibBpf.IsError(link, out var errno)) return new BpfLinkHandle(link);
            failure = new BpfException($"{LibBpf.ProgramName(program)} cannot be attached", errno, log.Text);
        }
        catch (BpfException e)
        {
            failure = e;
        }

        missing.Add(new MissingProgram(LibBpf.ProgramName(program), failure.Message));
        return null;
    }

    private static ConfigOptions OptionsOf(EbpfOptions options) =>
        (options.Loopback ? ConfigOptions.None : ConfigOptions.NoLoopback)
        | (options.LocalNames ? ConfigOptions.LocalNames : ConfigOptions.None);

    private static nint Attach(nint program)
    {
        if (!LibBpf.SectionName(program).StartsWith(CgroupPrefix, StringComparison.Ordinal)) return LibBpf.bpf_program__attach(program);
        using var root = CgroupRoot.Open();
        return LibBpf.bpf_program__attach_cgroup(program, (int)root.DangerousGetHandle());
    }

    /// <summary>Whether a program is called by the one hook on system calls instead of attached itself.</summary>
    private static bool IsCalled(string program) => program.StartsWith(CalledPrefix, StringComparison.Ordinal);

    /// <summary>A program's name without the suffix that tells twins apart.</summary>
    private static string BaseOf(string program) =>
        program.EndsWith(TypedSuffix, StringComparison.Ordinal) ? program[..^TypedSuffix.Length]
        : program.EndsWith(RawSuffix, StringComparison.Ordinal) ? program[..^RawSuffix.Length] : program;

    private static ProgramSet? TryAdopt(SharedMaps maps, BpfFileSystem pins, string prefix, Concern concern, uint generation,
        out ProgramDamage? damage)
    {
        var names = pins.Names(prefix);
        damage = null;
        if (names.Count == 0 || names.Any(name => name[prefix.Length..].Split('-')[0] != names.Count.ToString(
            CultureInfo.InvariantCulture)))
        {
            damage = new ProgramDamage($"pins of its programs, {names.Count} of which are left, were gone from {pins.Folder}", true);
            return null;
        }

        var opened = new List<SafeFileHandle>();
        var watch = new ProgramWatch(concern, generation);
        foreach (var name in names)
        {
            var fd = Bpf.TryOpen(pins[name])!;
            opened.Add(fd);
            var program = BaseOf(name[(name.LastIndexOf('-') + 1)..]);
            if (!IsCalled(program)) watch.AddLink(maps, program, (int)fd.DangerousGetHandle());
            else if (CallBindings.Of(concern, maps.AskedCalls).FirstOrDefault(binding => binding.Program == program) is { } binding)
                watch.AddCalled(binding, (int)fd.DangerousGetHandle());
        }

        // Something was taken apart while nobody looked: new programs take the place of the rest.
        damage = watch.FindLeft(maps, names.Count);
        if (damage is not null)
        {
            watch.End(maps);
            foreach (var fd in opened) fd.Dispose();
            return null;
        }

        if (CallBindings.LaneOf(concern) is { } lane) new CallDispatch(maps, lane).Clear(watch.Called);
        return new ProgramSet(concern, generation, watch, null, [], opened, pinned: true, []) { SeesSinceNs = BootClock.NowNs };
    }

    private static void Reuse(BpfObjectHandle handle, string name, SafeFileHandle fd)
    {
        var map = LibBpf.bpf_object__find_map_by_name(handle, name);
        // An object need not use every shared map.
        if (LibBpf.IsError(map, out _)) return;
        Check(LibBpf.bpf_map__reuse_fd(map, (int)fd.DangerousGetHandle()), $"the map {name} cannot be shared");
    }

    private static void Check(int result, string what)
    {
        if (result < 0) throw new BpfException(what, -result);
    }
}
