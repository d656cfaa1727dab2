namespace Picket.Node.Hosting;

/// <summary>The running boot's id, which makes process keys unique over boots.</summary>
internal static class RunningBoot
{
    /// <summary>The id as the kernel gives it (random.c) and as ECS wants it; empty where the system has none.</summary>
    public static string AsGiven { get; } = Read();

    /// <summary>The id without dashes, as it stands in keys.</summary>
    public static string Current { get; } = AsGiven.Replace("-", "", StringComparison.Ordinal);

    private static string Read()
    {
        const string File = "/proc/sys/kernel/random/boot_id";
        return System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File).Trim() : "";
    }
}
