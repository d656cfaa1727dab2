using System.Reflection;
using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Native;

/// <summary>
/// Finds the native libraries of this assembly by their runtime names, since the development links (libbpf.so) are absent
/// where only the library itself is installed. An assembly can have one resolver: this is it.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>The name in the imports of libbpf.</summary>
    public const string LibBpf = "picket-libbpf";

    private static readonly string[] LibBpfNames = ["libbpf.so.1", "libbpf.so.0"];
    private static readonly Lock Gate = new();
    private static string? _chosenPath;
    private static nint _libBpf;

    static NativeLibraries() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    /// <summary>
    /// Loads libbpf, from <paramref name="path"/> when given. The first library that loads stays for the life of the process.
    /// </summary>
    /// <returns>Null, or what was tried.</returns>
    public static string? TryUseLibBpf(string? path)
    {
        lock (Gate)
        {
            if (_libBpf != 0) return path is null || path == _chosenPath ? null : $"libbpf is loaded already, {path} comes too late";
            if (path is not null)
            {
                if (!NativeLibrary.TryLoad(path, out _libBpf)) return $"{path} cannot be loaded";
                _chosenPath = path;
                return null;
            }

            foreach (var name in LibBpfNames)
            {
                if (NativeLibrary.TryLoad(name, out _libBpf)) return null;
            }

            return $"none of {string.Join(", ", LibBpfNames)} was found";
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != LibBpf) return 0;
        if (TryUseLibBpf(_chosenPath) is { } problem) throw new DllNotFoundException(problem);
        return _libBpf;
    }
}
