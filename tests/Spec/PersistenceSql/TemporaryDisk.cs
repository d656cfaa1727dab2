using System.Diagnostics;

namespace Picket.Spec.PersistenceSql;

/// <summary>A small file system in memory of the test's own. Only root may mount one; elsewhere the test is skipped.</summary>
internal sealed class TemporaryDisk : IDisposable
{
    private TemporaryDisk(string folder) => Folder = folder;

    public string Folder { get; }

    public static TemporaryDisk Mount(string within, string options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root may mount a disk");
        var disk = new TemporaryDisk(Directory.CreateDirectory(Path.Combine(within, "disk")).FullName);
        Run("mount", "-t", "tmpfs", "-o", options, "picket-test", disk.Folder);
        return disk;
    }

    public void Remount(string how) => Run("mount", "-o", $"remount,{how}", Folder);

    /// <summary>Makes one file read-only, even to root, until the result is disposed of.</summary>
    public static IDisposable PinReadOnly(string file)
    {
        Run("mount", "--bind", file, file);
        Run("mount", "-o", "remount,ro,bind", file);
        return new Pin(file);
    }

    public void Dispose() => Run("umount", Folder);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {said}");
    }

    private sealed class Pin(string file) : IDisposable
    {
        public void Dispose() => Run("umount", file);
    }
}
