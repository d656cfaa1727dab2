using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Picket.Sensors.Ebpf;
using Picket.Spec.Durability;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>A file system of the test's own, with one file, <c>log</c>, that stops to answer when it is told.</summary>
[SupportedOSPlatform("linux")]
internal sealed class HangingFiles : IDisposable
{
    private readonly string _folder;
    private readonly Process _server;

    public HangingFiles(string folder)
    {
        Assert.SkipUnless(File.Exists("/dev/fuse"), "there is no /dev/fuse here");
        _folder = Path.Combine(folder, "hanging");
        Directory.CreateDirectory(_folder);
        var program = Path.Combine(folder, "hang");
        CProgram.CompileFrom(Path.Combine("tests", "Spec", "Live", "hang.c"), program);
        _server = Process.Start(new ProcessStartInfo(program, [_folder]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("up", _server.StandardOutput.ReadLine());
    }

    /// <summary>The file.</summary>
    public string Log => Path.Combine(_folder, "log");

    /// <summary>Where it is mounted.</summary>
    public string Folder => _folder;

    /// <summary>Adds a line to the file.</summary>
    public void Append(string line) => Tell("append " + line);

    /// <summary>Keeps requests of this kind from now on: <c>read</c>, <c>lookup</c> or <c>open</c>.</summary>
    public void Hang(string kind) => Tell("hang " + kind);

    /// <summary>As above; when it comes back, that holds.</summary>
    public void HangNow(string kind)
    {
        Hang(kind);
        string? line;
        do line = _server.StandardOutput.ReadLine();
        while (line is not null && line != "done");
        Assert.NotNull(line);
    }

    /// <summary>Answers what was kept, and all that comes.</summary>
    public void Go() => Tell("go");

    /// <summary>When the first request was kept.</summary>
    public async Task<DateTimeOffset> KeptAsync(TimeSpan limit)
    {
        string? line;
        do line = await _server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(limit);
        while (line is not null && !line.StartsWith("kept ", StringComparison.Ordinal));
        Assert.NotNull(line);
        return DateTimeOffset.UnixEpoch.AddTicks((long.Parse(line.AsSpan(5), CultureInfo.InvariantCulture) + BootClock.OffsetNs) / 100);
    }

    /// <summary>The server's end lets go whoever hangs.</summary>
    public void Dispose()
    {
        _server.StandardInput.Close();
        _server.WaitForExit();
        _server.Dispose();
        TestDisk.Run("umount", "-l", _folder);
    }

    private void Tell(string order)
    {
        _server.StandardInput.WriteLine(order);
        _server.StandardInput.Flush();
    }
}
