using System.Diagnostics;
using System.Runtime.Versioning;

namespace Picket.Spec.Durability;

/// <summary>A private folder with a database in it; with a size it is a file system of its own in memory, which needs root.</summary>
[SupportedOSPlatform("linux")]
internal sealed class TestDisk : IDisposable
{
    private readonly bool _mounted;

    public TestDisk(string? size = null)
    {
        if (size is null) return;
        _mounted = Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", Folder);
        if (_mounted) return;
        Directory.Delete(Folder);
        Assert.Skip("mounting a small tmpfs needs root");
    }

    public string Folder { get; } = TestFolder.Make("disk");

    public string Database => Path.Combine(Folder, "notes.db");

    /// <summary>Makes it read-only, or writable again. No file may be open for writing.</summary>
    public void Remount(bool readOnly) => Assert.True(Run("mount", "-o", readOnly ? "remount,ro" : "remount,rw", Folder), "remounted");

    public static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    public void Dispose()
    {
        if (_mounted) Assert.True(Run("umount", "-l", Folder), "the tmpfs was not unmounted");
        Directory.Delete(Folder, recursive: true);
    }
}
