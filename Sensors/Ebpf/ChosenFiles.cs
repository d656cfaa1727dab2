using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Native;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// Puts the names of files whose reading is asked for where the programs look (bpf/names.h): as hashes, so that two names may share one.
/// </summary>
internal static class ChosenFiles
{
    private const ulong Choice = 0;
    private const ulong Factor = 0x9e3779b97f4a7c15;
    private const uint All = 1, Bases = 2, Folders = 4;

    /// <summary>Replaces the names. While it works more may be reported, never less.</summary>
    public static void Write(SharedMaps maps, NameInterest interest)
    {
        var wanted = new Dictionary<ulong, uint>();
        foreach (var name in interest.Bases) Add(wanted, name, Bases);
        foreach (var name in interest.Folders) Add(wanted, name, Folders);
        var everything = interest.Everything || wanted.Count >= SharedMaps.ChosenNames;
        Bpf.Put(maps.Chosen, Choice, All);
        foreach (var key in Bpf.Keys(maps.Chosen).Where(key => key != Choice && !wanted.ContainsKey(key))) Bpf.Take(maps.Chosen, key);
        if (everything) return;
        foreach (var (key, bits) in wanted) Bpf.Put(maps.Chosen, key, bits);
        Bpf.Put(maps.Chosen, Choice, Bases | (interest.Folders.Count > 0 ? Folders : 0));
    }

    /// <summary>The hash under which a name in small letters stands; bits_of_name in bpf/names.h makes the same.</summary>
    public static ulong HashOf(string name)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(name.Length)];
        bytes = bytes[..Encoding.UTF8.GetBytes(name, bytes)];
        var hash = (ulong)bytes.Length;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            hash = (hash ^ BitConverter.ToUInt64(bytes)) * Factor;
            hash ^= hash >> 32;
        }

        if (bytes.IsEmpty) return hash;
        Span<byte> tail = stackalloc byte[8];
        tail.Clear();
        bytes.CopyTo(tail[(8 - bytes.Length)..]);
        return (hash ^ BitConverter.ToUInt64(tail)) * Factor;
    }

    private static void Add(Dictionary<ulong, uint> wanted, string name, uint bit)
    {
        var hash = HashOf(name);
        wanted[hash] = wanted.GetValueOrDefault(hash) | bit;
    }
}
