using System.Reflection;
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

    public static TheoryData<string> Names => [.. Structures.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mirror_has_the_members_offsets_and_sizes_of_the_compiled_structure(string name)
    {
        var compiled = Compiled("process").FindStruct(name);
        Assert.NotNull(compiled);
        var mirror = Structures.Single(s => s.Name == name).Mirror;
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
        Assert.Equal([("None", 0), ("Exec", 1), ("Fork", 2), ("Exit", 3), ("Task", 4)],
            Enum.GetValues<RecordKind>().Select(kind => (kind.ToString(), (int)kind)));
        foreach (var kind in Enum.GetValues<RecordKind>().Where(kind => kind != RecordKind.None))
            Assert.Equal((int)kind, compiled[$"EVENT_{kind.ToString().ToUpperInvariant()}"]);
    }

    [Fact]
    public void Concerns_flags_and_run_states_have_the_frozen_numbers()
    {
        Assert.Equal([("Process", 0), ("File", 1), ("Network", 2), ("Dns", 3), ("Privilege", 4), ("Uring", 5)],
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
        Assert.Contains($"#define SCRATCH_SLOTS {ProgramSet.ScratchSlots}\n", source, StringComparison.Ordinal);
    }

    private static BtfData Compiled(string name) => BtfData.OfObject(new ElfFile(File.ReadAllBytes(Path.Combine(KernelObjects.Folder, $"{name}.bpf.o"))));

    private static string Pascal(string name) => string.Concat(name.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    private static int SizeOf(Type type) =>
        (int)typeof(System.Runtime.CompilerServices.Unsafe).GetMethod("SizeOf")!.MakeGenericMethod(type).Invoke(null, null)!;
}
