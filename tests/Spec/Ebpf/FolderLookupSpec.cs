using System.Diagnostics;
using System.Globalization;
using System.Text;
using Picket.Sensors.Ebpf.Folders;

namespace Picket.Spec.Ebpf;

/// <summary>Folders of this and of other mount namespaces, as the kernel finds them.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class FolderLookupSpec : IDisposable
{
    private readonly Probe _probe = new();
    private readonly FolderLookup _lookup = new();

    public void Dispose()
    {
        _lookup.Dispose();
        _probe.Dispose();
    }

    [Fact]
    public void Links_are_followed_below_the_root_that_the_caller_has()
    {
        Directory.CreateDirectory(At("jail/etc/real"));
        Directory.CreateSymbolicLink(At("jail/l"), "/etc/real");
        Directory.CreateSymbolicLink(At("l"), At("jail/etc"));
        File.WriteAllText(At("file"), "");
        Assert.Equal(At("jail/etc/real"), Find(Own, 0, "", At("l/real")));
        Assert.Equal(At("jail/etc/real"), Find(Own, 0, At("jail"), "/l"));
        Assert.Equal(At("jail/etc"), Find(Own, 0, At("jail"), "/../../../etc"));
        Assert.Null(Find(Own, 0, "", At("jail/l")));
        Assert.Null(Find(Own, 0, "", At("gone")));
        Assert.Null(Find(Own, 0, "", At("file")));
        Assert.Null(Find(Own, 0, At("gone"), "/l"));
        Assert.Null(Find(0, Environment.ProcessId, "", At("l")));
    }

    [Fact]
    public void Another_namespace_is_reached_by_who_lives_in_it_and_by_whom_it_is_remembered()
    {
        var folder = At("mounted");
        Directory.CreateDirectory(folder);
        using var holder = Process.Start(new ProcessStartInfo("unshare",
            ["-m", "sh", "-c", $"mount -t tmpfs none {folder} && mkdir {folder}/real && ln -s real {folder}/l && echo ready && read end"])
            { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("ready", holder.StandardOutput.ReadLine());
        var there = NamespaceOf(holder.Id);
        Assert.NotEqual(Own, there);
        Assert.Null(Find(there, int.MaxValue, "", folder + "/l"));
        Assert.Null(Find(there, Environment.ProcessId, "", folder + "/l"));
        _lookup.Learn(there, holder.Id);
        Assert.Equal(folder + "/real", Find(there, int.MaxValue, "", folder + "/l"));
        using (var other = new FolderLookup()) Assert.Equal(folder + "/real", Find(there, holder.Id, "", folder + "/l", other));
        Assert.Null(Find(Own, holder.Id, "", folder + "/l"));
        holder.StandardInput.WriteLine();
        holder.WaitForExit();
        Assert.Null(Find(there, holder.Id, "", folder + "/l"));
    }

    [Fact]
    public void Who_waits_for_a_file_system_does_not_hold_up_the_reader_and_is_asked_no_more()
    {
        using var gate = new ManualResetEventSlim();
        var asked = 0;
        using var patient = new PatientOpener(2, (top, path) =>
        {
            Interlocked.Increment(ref asked);
            _ = FolderCalls.Close(top);
            gate.Wait(TestContext.Current.CancellationToken);
            return FolderCalls.OpenFolder(path);
        });
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 10; i++) Assert.Equal(-1, patient.Open(FolderCalls.OpenFolder("/\0"u8), "/\0"u8));
        Assert.Equal(1, Volatile.Read(ref asked));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"the reader waited {watch.Elapsed}");
        gate.Set();
        int fd;
        do
        {
            fd = patient.Open(FolderCalls.OpenFolder("/\0"u8), "/\0"u8);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), "waited 20 s for the thread to answer again");
        }
        while (fd < 0);
        Assert.Equal(0, FolderCalls.Close(fd));
    }

    [Fact]
    public void Nothing_stays_open()
    {
        var before = Directory.GetFiles("/proc/self/fd").Length;
        for (var i = 0; i < 200; i++) Find(Own, 0, At(""), "/");
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 100);
    }

    private static uint Own => NamespaceOf(Environment.ProcessId);

    private static uint NamespaceOf(int pid) =>
        uint.Parse(new FileInfo($"/proc/{pid}/ns/mnt").LinkTarget![5..^1], CultureInfo.InvariantCulture);

    private string At(string name) => Path.Combine(_probe.Folder, name);

    private string? Find(uint mountNamespace, int pid, string root, string folder, FolderLookup? lookup = null)
    {
        Span<byte> result = stackalloc byte[4096];
        var length = (lookup ?? _lookup).Find(mountNamespace, pid, Encoding.UTF8.GetBytes(root), Encoding.UTF8.GetBytes(folder + "\0"), result);
        return length < 0 ? null : Encoding.UTF8.GetString(result[..length]);
    }
}
