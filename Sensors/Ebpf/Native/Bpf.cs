using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Picket.Sensors.Ebpf.Native;

/// <summary>bpf(2): maps, pins, iterators. Descriptors are close-on-exec, as the kernel makes them.</summary>
internal static partial class Bpf
{
    public const uint Mmapable = 1 << 10;

    private const int MapCreate = 0;
    private const int MapLookup = 1;
    private const int MapUpdate = 2;
    private const int MapDelete = 3;
    private const int MapNextKey = 4;
    private const int ObjPin = 6;
    private const int ObjGet = 7;
    private const int ObjGetInfo = 15;
    private const int IterCreate = 33;
    private const int AttributeSize = 128;

    private static readonly nint SystemCall = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;

    /// <summary>Makes a map; <paramref name="name"/> is at most 15 bytes.</summary>
    public static unsafe SafeFileHandle CreateMap(string name, in BpfMapShape shape)
    {
        Span<byte> attribute = stackalloc byte[AttributeSize];
        attribute.Clear();
        var words = MemoryMarshal.Cast<byte, uint>(attribute);
        words[0] = (uint)shape.Type;
        words[1] = shape.KeySize;
        words[2] = shape.ValueSize;
        words[3] = shape.MaxEntries;
        words[4] = shape.Flags;
        Encoding.ASCII.GetBytes(name, attribute.Slice(28, 15));
        return Descriptor(MapCreate, attribute, $"the map {name} ({shape.MaxEntries} x {shape.ValueSize} bytes) cannot be made");
    }

    /// <summary>Reads one entry; of a per-CPU map one value, rounded up to 8 bytes, per possible CPU.</summary>
    public static unsafe void Lookup(SafeFileHandle map, uint key, Span<byte> value)
    {
        Span<byte> attribute = stackalloc byte[AttributeSize];
        attribute.Clear();
        fixed (byte* into = value)
        {
            MemoryMarshal.Cast<byte, int>(attribute)[0] = (int)map.DangerousGetHandle();
            MemoryMarshal.Cast<byte, ulong>(attribute)[1] = (ulong)&key;
            MemoryMarshal.Cast<byte, ulong>(attribute)[2] = (ulong)into;
            Call(MapLookup, attribute, "a map entry cannot be read");
            GC.KeepAlive(map);
        }
    }

    /// <summary>Puts a program, by its descriptor, into an array of programs.</summary>
    public static unsafe void Update(SafeFileHandle map, uint key, int value)
    {
        if (Element(MapUpdate, map, &key, &value) < 0)
            throw new BpfException("a program cannot be put into its map", Marshal.GetLastPInvokeError());
    }

    /// <summary>Takes an entry out of a map; one that is not there is passed over.</summary>
    public static unsafe void Delete(SafeFileHandle map, uint key) => Element(MapDelete, map, &key, null);

    /// <summary>Sets an entry of a map from 8 bytes to 4.</summary>
    public static unsafe void Put(SafeFileHandle map, ulong key, uint value)
    {
        if (Element(MapUpdate, map, &key, &value) < 0)
            throw new BpfException("an entry cannot be put into its map", Marshal.GetLastPInvokeError());
    }

    /// <summary>Takes an entry out of a map from 8 bytes; one that is not there is passed over.</summary>
    public static unsafe void Take(SafeFileHandle map, ulong key) => Element(MapDelete, map, &key, null);

    /// <summary>The keys of a map from 8 bytes.</summary>
    public static unsafe List<ulong> Keys(SafeFileHandle map)
    {
        var keys = new List<ulong>();
        ulong key, next;
        if (Element(MapNextKey, map, null, &next) < 0) return keys;
        do
        {
            key = next;
            keys.Add(key);
        }
        while (Element(MapNextKey, map, &key, &next) >= 0);

        return keys;
    }

    /// <summary>The id of the program in an entry of a map of programs; 0 for none.</summary>
    public static unsafe uint ProgramIn(SafeFileHandle map, uint key)
    {
        uint id;
        return Element(MapLookup, map, &key, &id) >= 0 ? id : 0;
    }

    /// <summary>Gives what is behind <paramref name="fd"/> a name in bpffs, where it outlives the process.</summary>
    public static unsafe void Pin(int fd, string path)
    {
        Span<byte> attribute = stackalloc byte[AttributeSize];
        attribute.Clear();
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            MemoryMarshal.Cast<byte, ulong>(attribute)[0] = (ulong)name;
            MemoryMarshal.Cast<byte, int>(attribute)[2] = fd;
            Call(ObjPin, attribute, $"{path} cannot be pinned");
        }
    }

    /// <summary>Opens what is pinned at <paramref name="path"/>; null when nothing is.</summary>
    public static unsafe SafeFileHandle? TryOpen(string path)
    {
        if (!File.Exists(path)) return null;
        Span<byte> attribute = stackalloc byte[AttributeSize];
        attribute.Clear();
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            MemoryMarshal.Cast<byte, ulong>(attribute)[0] = (ulong)name;
            return Descriptor(ObjGet, attribute, $"the pin {path} cannot be opened");
        }
    }

    /// <summary>The shape of a map.</summary>
    public static BpfMapShape ShapeOf(SafeFileHandle map)
    {
        Span<uint> info = stackalloc uint[32];
        Info((int)map.DangerousGetHandle(), MemoryMarshal.AsBytes(info), "a map's shape cannot be read");
        GC.KeepAlive(map);
        return new BpfMapShape((BpfMapType)info[0], info[2], info[3], info[4], info[5]);
    }

    /// <summary>The kernel's number of a map or a program.</summary>
    public static uint IdOf(int fd, bool isMap)
    {
        Span<uint> info = stackalloc uint[32];
        Info(fd, MemoryMarshal.AsBytes(info), isMap ? "a map's number cannot be read" : "a program's number cannot be read");
        return info[1];
    }

    /// <summary>What a link is at this moment; null where the kernel does not say.</summary>
    public static unsafe BpfLinkInfo? TryLinkInfo(int link)
    {
        Span<byte> info = stackalloc byte[AttributeSize];
        info.Clear();
        Span<byte> attribute = stackalloc byte[AttributeSize];
        attribute.Clear();
        fixed (byte* into = info)
        {
            MemoryMarshal.Cast<byte, int>(attribute)[0] = link;
            MemoryMarshal.Cast<byte, uint>(attribute)[1] = AttributeSize;
            MemoryMarshal.Cast<byte, ulong>(attribute)[1] = (ulong)into;
            if (syscall(SystemCall, ObjGetInfo, attribute, AttributeSize) < 0) return null;
        }

        var words = MemoryMarshal.Cast<byte, uint>(info);
        return new BpfLinkInfo(words[0], words[1], words[2], MemoryMarshal.Read<ulong>(info[16..]));
    }

    /// <summary>Instructions that the verifier walked for a program; 0 on kernels before 5.16, which do not say.</summary>
    public static uint VerifiedInstructions(int program)
    {
        const int Offset = 216;
        Span<byte> info = stackalloc byte[256];
        info.Clear();
        Info(program, info, "a program's statistics cannot be read");
        return MemoryMarshal.Read<uint>(info[Offset..]);
    }

    /// <summary>Opens a new pass of the iterator behind a link.</summary>
    public static SafeFileHandle CreateIterator(int link)
    {
        Span<byte> attribute = stackalloc byte[AttributeSize];
        attribute.Clear();
        MemoryMarshal.Cast<byte, int>(attribute)[0] = link;
        return Descriptor(IterCreate, attribute, "the task iterator cannot be opened");
    }

    private static unsafe void Info(int fd, Span<byte> info, string what)
    {
        Span<byte> attribute = stackalloc byte[AttributeSize];
        attribute.Clear();
        fixed (byte* into = info)
        {
            MemoryMarshal.Cast<byte, int>(attribute)[0] = fd;
            MemoryMarshal.Cast<byte, uint>(attribute)[1] = (uint)info.Length;
            MemoryMarshal.Cast<byte, ulong>(attribute)[1] = (ulong)into;
            Call(ObjGetInfo, attribute, what);
        }
    }

    private static unsafe nint Element(int command, SafeFileHandle map, void* key, void* value)
    {
        Span<byte> attribute = stackalloc byte[AttributeSize];
        attribute.Clear();
        MemoryMarshal.Cast<byte, int>(attribute)[0] = (int)map.DangerousGetHandle();
        MemoryMarshal.Cast<byte, ulong>(attribute)[1] = (ulong)key;
        MemoryMarshal.Cast<byte, ulong>(attribute)[2] = (ulong)value;
        var result = syscall(SystemCall, command, attribute, AttributeSize);
        GC.KeepAlive(map);
        return result;
    }

    private static SafeFileHandle Descriptor(int command, ReadOnlySpan<byte> attribute, string what) =>
        new(Call(command, attribute, what), ownsHandle: true);

    private static nint Call(int command, ReadOnlySpan<byte> attribute, string what)
    {
        var result = syscall(SystemCall, command, attribute, AttributeSize);
        if (result < 0) throw new BpfException(what, Marshal.GetLastPInvokeError());
        return result;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint command, ReadOnlySpan<byte> attribute, nint size);
}
