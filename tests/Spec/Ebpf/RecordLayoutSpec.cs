using System.Reflection;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Btf;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>The C# mirrors against the compiled objects' own type information, and numbers that must never change.</summary>
public sealed class RecordLayoutSpec
{
    private static readonly (string Name, Type Mirror)[] Structures =
    [
        ("process_key", typeof(TaskKey)),
        ("event_header", typeof(RecordHeader)),
        ("slice", typeof(RecordSlice)),
        ("credentials", typeof(Credentials)),
        ("namespaces", typeof(Namespaces)),
        ("surroundings", typeof(Surroundings)),
        ("exec_event", typeof(ExecRecord)),
        ("fork_event", typeof(ForkRecord)),
        ("exit_event", typeof(ExitRecord)),
        ("counter", typeof(CounterRow)),
        ("state", typeof(StateRecord)),
        ("program_config", typeof(ProgramConfig)),
    ];

    private static readonly (string Object, string Name, Type Mirror)[] OfConcerns =
    [
        ("syscalls", "call_table", typeof(CallTable)),
        ("syscalls", "call_form", typeof(CallForm)),
        ("syscalls", "touches", typeof(TouchesRecord)),
        ("syscalls", "touch", typeof(TouchRecord)),
        ("file", "file_event", typeof(FileRecord)),
        ("privilege", "call_event", typeof(CallRecord)),
        ("privilege", "standing_event", typeof(StandingRecord)),
        ("network", "ends", typeof(SocketEnds)),
        ("network", "network_event", typeof(NetworkRecord)),
        ("dns", "dns_event", typeof(DnsRecord)),
    ];

    public static TheoryData<string> Names => [.. Structures.Select(s => s.Name), .. OfConcerns.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mirror_has_the_members_offsets_and_sizes_of_the_compiled_structure(string name)
    {
        var (place, _, mirror) = Structures.Select(s => (Object: "process", s.Name, s.Mirror)).Concat(OfConcerns).Single(s => s.Name == name);
        var compiled = Compiled(place).FindStruct(name);
        Assert.NotNull(compiled);
        var fields = mirror.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(f => f.MetadataToken).ToArray();
        var expected = compiled.Members.Select(m => (Pascal(m.Name), m.Offset, m.Size));
        var offset = 0;
        var actual = new List<(string, int, int)>();
        foreach (var field in fields)
        {
            var size = SizeOf(field.FieldType);
            // Padding is explicit in both, so that each member follows the one before.
            actual.Add((field.Name, offset, size));
            offset += size;
        }

        Assert.Equal(expected, actual);
        Assert.Equal(compiled.Size, SizeOf(mirror));
    }

    [Fact]
    public void Kinds_have_the_numbers_of_the_compiled_enumeration_and_the_frozen_ones()
    {
        var compiled = Compiled("process").FindEnum("event_kind")!;
        Assert.Equal(StateRecord.KindMax, compiled["EVENT_KIND_MAX"]);
        Assert.Equal(
            "None=0 Exec=1 Fork=2 Exit=3 Task=4 FileCreate=16 FileOpen=17 FileModify=18 FileAccess=19 FileDelete=20 FileRename=21 FileLink=22 "
            + "FileSymlink=23 DirectoryCreate=24 DirectoryDelete=25 FileMode=26 FileOwner=27 FileTruncate=28 FileNode=29 Connect=32 Accept=33 "
            + "Attempt=34 Refused=35 Bind=36 Listen=37 Datagram=38 DnsQuery=48 DnsAnswer=49 SetId=64 Capset=65 Ptrace=66 VmWrite=67 Memfd=68 "
            + "Module=69 Bpf=70 Mount=71 Umount=72 Unshare=73 Setns=74 PivotRoot=75 Kill=76 Prctl=77 Call=78 Uring=96",
            string.Join(' ', Enum.GetValues<RecordKind>().Select(kind => $"{kind}={(int)kind}")));
        Assert.Equal(compiled.Where(pair => pair.Key != "EVENT_KIND_MAX").Select(pair => (int)pair.Value).Order(),
            Enum.GetValues<RecordKind>().Skip(1).Select(kind => (int)kind));
        foreach (var kind in Enum.GetValues<RecordKind>().Where(kind => kind != RecordKind.None))
            Assert.Contains(compiled, pair => pair.Value == (long)kind
                && pair.Key.Replace("_", "", StringComparison.Ordinal) == $"EVENT{kind.ToString().ToUpperInvariant()}");
    }

    [Fact]
    public void A_kind_of_the_ring_from_16_on_has_its_own_number_as_an_event_and_a_category()
    {
        foreach (var kind in Enum.GetValues<RecordKind>().Where(kind => (int)kind >= 16))
        {
            Assert.EndsWith(kind.ToString(), ((EventKind)kind).ToString(), StringComparison.Ordinal);
            Assert.NotNull(EventCategories.Of((EventKind)kind));
        }
    }

    [Fact]
    public void Concerns_flags_and_run_states_have_the_frozen_numbers()
    {
        Assert.Equal([("Process", 0), ("File", 1), ("Network", 2), ("Dns", 3), ("Privilege", 4), ("Uring", 5), ("Syscall", 6)],
            Enum.GetValues<Concern>().Select(concern => (concern.ToString(), (int)concern)));
        Assert.Equal([("Fresh", 0), ("Running", 1), ("Stopped", 2)], Enum.GetValues<RunState>().Select(run => (run.ToString(), (int)run)));
        Assert.Equal(
            "None ArgsCut ArgsUnread ExeCut CwdCut RootCut CgroupCut EnvCut FileCut ExeDetached ExeMemfd ExeDeleted Script CgroupV1 KernelThread CwdDetached EnvUnread",
            string.Join(' ', Enum.GetNames<ProcessFlags>()));
        Assert.Equal(1u << 15, (uint)ProcessFlags.EnvUnread);
    }

    [Fact]
    public void Every_object_agrees_on_the_shared_structures()
    {
        foreach (var (name, _) in Structures.Where(s => s.Name is not ("fork_event" or "exit_event")))
        {
            var (a, b) = (Compiled("process").FindStruct(name)!, Compiled("tasks").FindStruct(name)!);
            Assert.Equal(a.Members.Select(m => (m.Name, m.Offset, m.Size)), b.Members.Select(m => (m.Name, m.Offset, m.Size)));
        }
    }

    [Fact]
    public void Scratch_is_sized_as_the_programs_index_it()
    {
        var source = File.ReadAllText(Path.Combine(Corpora.Root, "bpf", "scratch.h"));
        Assert.Contains($"#define SCRATCH_SLOTS {SharedMaps.ScratchSlots}\n", source, StringComparison.Ordinal);
        foreach (var name in new[] { "process", "tasks", "privilege", "file" }) Assert.Equal((int)SharedMaps.ScratchBytes, Compiled(name).FindStruct("scratch")!.Size);
    }

    private static BtfData Compiled(string name) => BtfData.OfObject(new ElfFile(File.ReadAllBytes(Path.Combine(KernelObjects.Folder, $"{name}.bpf.o"))));

    private static string Pascal(string name) => string.Concat(name.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    private static int SizeOf(Type type) =>
        (int)typeof(System.Runtime.CompilerServices.Unsafe).GetMethod("SizeOf")!.MakeGenericMethod(type).Invoke(null, null)!;
}
