using System.Buffers.Binary;
using Picket.Sensors.Ebpf.Btf;

namespace Picket.Spec.Ebpf;

/// <summary>The programs must load on Linux 5.8: read from their instructions, since no such kernel is at hand.</summary>
public sealed class KernelFiveEightSpec
{
    private const int HighestHelper = 135;
    private const byte Call = 0x85;
    private const byte ClassMask = 0x07;
    private const byte Store = 0x03;
    private const byte ModeMask = 0xe0;
    private const byte Atomic = 0xc0;
    private const byte LoadWide = 0x18;
    private const int Add = 0;

    public static TheoryData<string> Objects => [.. Directory.GetFiles(Path.Combine(Corpora.Root, "bpf"), "*.bpf.c").Select(path => Path.GetFileName(path)[..^2])];

    [Theory]
    [MemberData(nameof(Objects))]
    public void No_helper_is_newer_no_kernel_function_is_called_and_atomics_only_add(string name)
    {
        var file = Open(name);
        var helpers = new SortedSet<int>();
        var instructions = 0;
        foreach (var section in file.Sections.Where(s => s.IsCode))
        {
            var code = file.Bytes(section);
            for (var at = 0; at < code.Length; at += 8)
            {
                var (operation, registers, immediate) = (code[at], code[at + 1], BinaryPrimitives.ReadInt32LittleEndian(code[(at + 4)..]));
                instructions++;
                if (operation == Call)
                {
                    var kind = registers >> 4;
                    Assert.True(kind is 0 or 1, $"{section.Name}+{at}: a call of kind {kind} is a kernel function");
                    if (kind == 0) helpers.Add(immediate);
                }

                if ((operation & ClassMask) == Store && (operation & ModeMask) == Atomic)
                    Assert.True(immediate == Add, $"{section.Name}+{at}: atomic operation {immediate:x} is newer than 5.8");
                if (operation == LoadWide) at += 8;
            }
        }

        Assert.True(instructions > 100 && helpers.Count > 2, "the reader of instructions found next to nothing");
        Assert.True(helpers.Max <= HighestHelper, $"helpers {string.Join(' ', helpers)}");
        Assert.False(BtfData.OfObject(file).Contains(BtfKind.DataSection, ".ksyms"), "kernel functions or symbols are imported");
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void Every_typed_tracepoint_has_a_raw_twin(string name)
    {
        var sections = Open(name).Sections.Where(s => s.IsCode).Select(s => s.Name).ToHashSet();
        foreach (var typed in sections.Where(s => s.StartsWith("tp_btf/", StringComparison.Ordinal)))
            Assert.Contains("raw_tp/" + typed.Split('/')[1], sections);
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void Only_hooks_that_lockdown_allows_are_used(string name)
    {
        string[] allowed = [".text", "tp_btf/", "raw_tp/", "tp/", "tracepoint/", "iter/", "cgroup"];
        Assert.All(Open(name).Sections.Where(s => s.IsCode), s => Assert.Contains(allowed, prefix => s.Name.StartsWith(prefix, StringComparison.Ordinal)));
    }

    private static ElfFile Open(string name) => new(File.ReadAllBytes(Path.Combine(KernelObjects.Folder, $"{name}.o")));
}
