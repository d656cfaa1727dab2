using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Native;

/// <summary>
/// The part of libbpf that loads and attaches objects. Maps, pins and iterators go through bpf(2) itself (<see cref="Bpf"/>),
/// whose contract does not differ between the versions of libbpf in use (0.5 to 1.x).
/// </summary>
internal static partial class LibBpf
{
    private const long LowestErrorPointer = -4095;

    /// <summary>libbpf before 1.0 returned errors as pointers, later ones return null and set errno.</summary>
    public static bool IsError(nint pointer, out int errno)
    {
        errno = pointer switch
        {
            0 => Marshal.GetLastPInvokeError(),
            >= unchecked((nint)LowestErrorPointer) and < 0 => (int)-pointer,
            _ => -1,
        };
        return errno >= 0;
    }

    [LibraryImport(NativeLibraries.LibBpf, SetLastError = true)]
    public static partial nint bpf_object__open_mem(ReadOnlySpan<byte> image, nuint size, nint options);

    [LibraryImport(NativeLibraries.LibBpf, SetLastError = true)]
    public static partial int bpf_object__load(BpfObjectHandle handle);

    [LibraryImport(NativeLibraries.LibBpf)]
    public static partial void bpf_object__close(nint handle);

    [LibraryImport(NativeLibraries.LibBpf, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint bpf_object__find_map_by_name(BpfObjectHandle handle, string name);

    [LibraryImport(NativeLibraries.LibBpf, SetLastError = true)]
    public static partial int bpf_map__reuse_fd(nint map, int fd);

    [LibraryImport(NativeLibraries.LibBpf, SetLastError = true)]
    public static partial int bpf_map__set_initial_value(nint map, in Records.ProgramConfig data, nuint size);

    [LibraryImport(NativeLibraries.LibBpf)]
    public static partial nint bpf_map__name(nint map);

    [LibraryImport(NativeLibraries.LibBpf, EntryPoint = "bpf_object__next_map")]
    public static partial nint bpf_object__next_map(BpfObjectHandle handle, nint previous);

    [LibraryImport(NativeLibraries.LibBpf, EntryPoint = "bpf_object__next_program")]
    private static partial nint NextProgram(BpfObjectHandle handle, nint previous);

    /// <summary>The same before libbpf 0.7.</summary>
    [LibraryImport(NativeLibraries.LibBpf, EntryPoint = "bpf_program__next")]
    private static partial nint NextProgramBefore07(nint previous, BpfObjectHandle handle);

    [LibraryImport(NativeLibraries.LibBpf, EntryPoint = "bpf_map__next")]
    private static partial nint NextMapBefore07(nint previous, BpfObjectHandle handle);

    [LibraryImport(NativeLibraries.LibBpf)]
    private static partial nint bpf_program__name(nint program);

    [LibraryImport(NativeLibraries.LibBpf)]
    private static partial nint bpf_program__section_name(nint program);

    [LibraryImport(NativeLibraries.LibBpf)]
    public static partial int bpf_program__fd(nint program);

    [LibraryImport(NativeLibraries.LibBpf, SetLastError = true)]
    public static partial int bpf_program__set_autoload(nint program, [MarshalAs(UnmanagedType.U1)] bool autoload);

    [LibraryImport(NativeLibraries.LibBpf, SetLastError = true)]
    public static partial nint bpf_program__attach(nint program);

    [LibraryImport(NativeLibraries.LibBpf, SetLastError = true)]
    public static partial nint bpf_program__attach_cgroup(nint program, int cgroup);

    [LibraryImport(NativeLibraries.LibBpf, SetLastError = true)]
    public static partial nint bpf_program__attach_iter(nint program, nint options);

    [LibraryImport(NativeLibraries.LibBpf)]
    public static partial int bpf_link__fd(BpfLinkHandle link);

    [LibraryImport(NativeLibraries.LibBpf)]
    public static partial int bpf_link__destroy(nint link);

    [LibraryImport(NativeLibraries.LibBpf)]
    public static partial void bpf_link__disconnect(BpfLinkHandle link);

    /// <summary>The name of a program, as its function is called.</summary>
    public static string ProgramName(nint program) => Marshal.PtrToStringUTF8(bpf_program__name(program)) ?? "";

    /// <summary>The section of a program, such as <c>tp_btf/sched_process_exec</c>.</summary>
    public static string SectionName(nint program) => Marshal.PtrToStringUTF8(bpf_program__section_name(program)) ?? "";

    /// <summary>The programs of an opened object.</summary>
    public static List<nint> Programs(BpfObjectHandle handle)
    {
        var programs = new List<nint>();
        var at = Next(handle, 0);
        for (; at != 0; at = Next(handle, at)) programs.Add(at);
        return programs;

        static nint Next(BpfObjectHandle handle, nint previous)
        {
            try
            {
                return NextProgram(handle, previous);
            }
            catch (EntryPointNotFoundException)
            {
                return NextProgramBefore07(previous, handle);
            }
        }
    }

    /// <summary>The map whose name ends in <paramref name="suffix"/>; libbpf puts the object's name before <c>.rodata</c>.</summary>
    public static nint MapEndingIn(BpfObjectHandle handle, string suffix)
    {
        for (var at = Next(handle, 0); at != 0; at = Next(handle, at))
        {
            if ((Marshal.PtrToStringUTF8(bpf_map__name(at)) ?? "").EndsWith(suffix, StringComparison.Ordinal)) return at;
        }

        return 0;

        static nint Next(BpfObjectHandle handle, nint previous)
        {
            try
            {
                return bpf_object__next_map(handle, previous);
            }
            catch (EntryPointNotFoundException)
            {
                return NextMapBefore07(previous, handle);
            }
        }
    }
}
