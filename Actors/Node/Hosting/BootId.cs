namespace Picket.Node.Hosting;

/// <summary>The running boot's id, which makes process keys unique over boots.</summary>
internal static class BootId
{
    /// <summary>The id as the kernel gives it (random.c), without dashes; empty where the system has none.</summary>
    public static string Current { get; } = Read();

    private static string Read()
    {
        const string File = "/proc/sys/kernel/random/boot_id";
        return System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File).Trim().Replace("-", "", StringComparison.Ordinal) : "";
    }
}
