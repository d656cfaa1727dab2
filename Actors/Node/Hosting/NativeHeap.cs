using System.Runtime.InteropServices;

namespace Picket.Node.Hosting;

/// <summary>Memory of the C library's allocator, which libbpf and the compiler use, each on several threads.</summary>
internal static partial class NativeHeap
{
    /// <summary>
    /// Gives back to the system what is free in any of the allocator's arenas (malloc_trim(3)). By itself it keeps up to twice the largest
    /// block it was ever asked for, an arena: of the kernel's type data, 12 MB each. Does nothing where the library has no such call.
    /// </summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = malloc_trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc; others keep less.
        }
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
