using System.Diagnostics;
using System.Runtime.Versioning;
using Picket.Sensors.OwnFiles;
using Picket.Spec.Ebpf;
using FileActs = Picket.Sensors.OwnFiles.FileActs;

namespace Picket.Spec.OwnFiles;

/// <summary>The watch on the running kernel: what a shell does to files in a private folder.</summary>
[SupportedOSPlatform("linux")]
public sealed class FileWatchSpec : IDisposable
{
    private readonly Probe _probe = new();

    public FileWatchSpec() => Directory.CreateDirectory(At("own/sub"));

    public void Dispose() => _probe.Dispose();

    [Theory]
    [InlineData("echo x >> own/file", "own/file", FileActs.Written | FileActs.Opened)]
    [InlineData("exec 5<>own/file", "own/file", FileActs.Opened)]
    [InlineData("exec perl -e 'truncate(\"own/file\", 0)'", "own/file", FileActs.Written)]
    [InlineData("exec chmod 600 own/file", "own/file", FileActs.Attributes)]
    [InlineData("exec rm own/file", "own/file", FileActs.Deleted)]
    [InlineData("exec mv own/file own/other", "own/file", FileActs.RenamedAway)]
    [InlineData("echo x > new; exec mv new own/file", "own/file", FileActs.RenamedHere)]
    [InlineData("exec ln own/file own/sub/link", "own/sub/link", FileActs.Created)]
    [InlineData("echo x > own/sub/made", "own/sub/made", FileActs.Created | FileActs.Written | FileActs.Opened)]
    [InlineData("exec mv own elsewhere", "own", FileActs.RenamedAway)]
    [InlineData("exec rm -r own", "own", FileActs.Deleted)]
    public void What_another_process_does_is_told_with_its_number(string line, string path, FileActs acts)
    {
        File.WriteAllText(At("own/file"), "content");
        using var watch = Watch();
        var pid = _probe.Shell(line).Pid;
        var touch = Assert.Single(watch.Look(), touch => touch.Path == At(path));
        Assert.Equal((acts, pid, FileArea.Data), (touch.Acts, touch.Pid, touch.Area));
        Assert.Empty(watch.Look());
    }

    [Fact]
    public void Its_own_process_and_mere_readers_are_not_told_and_a_thousand_writes_are_few_events()
    {
        using var watch = Watch();
        using (var file = File.AppendText(At("own/file")))
        {
            file.AutoFlush = true;
            for (var i = 0; i < 1000; i++) file.Write("x");
        }

        _probe.Shell("(cat own/file; ls -l own; stat own/file; test -w own/file) > /dev/null");
        Assert.Empty(watch.Look());
        Assert.InRange(watch.Own, 1, 3);
        Assert.Equal(0, watch.Others);
    }

    [Fact]
    public void A_folder_that_is_made_later_is_watched_and_so_is_one_that_replaces_another()
    {
        using var watch = Watch();
        _probe.Shell("mkdir -p own/late/later");
        Assert.Contains(watch.Look(), touch => touch.Path == At("own/late"));
        _probe.Shell("echo x > own/late/later/file");
        Assert.Contains(watch.Look(), touch => touch.Path == At("own/late/later/file"));
        _probe.Shell("rm -r own; mkdir -p own/sub");
        Assert.Contains(watch.Look(), touch => touch.Path == At("own") && touch.Acts.HasFlag(FileActs.Deleted));
        var (pid, _) = _probe.Shell("echo x > own/sub/again");
        Assert.Equal(pid, Assert.Single(watch.Look(), touch => touch.Path == At("own/sub/again")).Pid);
        Assert.Equal(2, watch.Folders);
    }

    [Fact]
    public void Who_lets_go_last_of_a_folder_that_another_removed_is_not_said_to_have_removed_it()
    {
        Directory.CreateDirectory(At("own/next"));
        using var watch = Watch();
        using (var holder = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", "exec 9< own/sub; echo held; read line"])
            { WorkingDirectory = _probe.Folder, RedirectStandardInput = true, RedirectStandardOutput = true })!)
        {
            Assert.Equal("held", holder.StandardOutput.ReadLine());
            Directory.Delete(At("own/sub"));
            holder.StandardInput.Close();
            holder.WaitForExit();
        }

        Assert.Empty(watch.Look());
        Assert.Equal(1, watch.Own);
        var pid = _probe.Shell("exec rmdir own/next").Pid;
        Assert.Equal((At("own/next"), FileActs.Deleted, pid), watch.Look().Select(touch => (touch.Path, touch.Acts, touch.Pid)).Single());
    }

    [Fact]
    public void Of_a_folder_with_files_of_others_only_the_named_ones_are_told()
    {
        using var watch = new FileWatch(new WatchedPlace(At("own"), FileArea.Alerts, "alerts.ndjson"), new WatchedPlace(At("own/sub"), FileArea.Rules));
        _probe.Shell("echo x > own/alerts.ndjson; mv own/alerts.ndjson own/alerts.ndjson.1; echo y > own/syslog; echo z > own/sub/rule");
        Assert.Equal([("own/alerts.ndjson", FileArea.Alerts), ("own/alerts.ndjson.1", FileArea.Alerts), ("own/sub/rule", FileArea.Rules)],
            watch.Look().Select(touch => (Path.GetRelativePath(_probe.Folder, touch.Path), touch.Area)).Distinct().Order());
    }

    [Fact]
    public void A_folder_that_something_is_mounted_over_is_told_although_no_file_was_touched()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root may mount");
        using var watch = Watch();
        try
        {
            Assert.Equal(0, _probe.Shell("mount -t tmpfs covering own").Code);
            Assert.Equal((At("own"), FileActs.Covered), watch.Refresh().Select(touch => (touch.Path, touch.Acts)).Single());
            _probe.Shell("echo x > own/file");
            Assert.Equal(At("own/file"), Assert.Single(watch.Look()).Path);
        }
        finally
        {
            _probe.Shell("umount own");
        }
    }

    [Fact]
    public void A_full_queue_is_told_and_what_comes_after_it_is_seen()
    {
        var limit = int.Parse(File.ReadAllText("/proc/sys/fs/fanotify/max_queued_events"));
        Assert.SkipUnless(limit <= 100_000, $"the kernel's queue has room for {limit}");
        using var watch = Watch();
        Assert.Equal(0, _probe.Shell($"for ((i = 0; i < {limit + 10}; i++)); do : > own/f$i; done").Code);
        Assert.NotEmpty(watch.Look());
        Assert.Equal(1, watch.Overflows);
        while (watch.Look().Count > 0) Assert.Equal(1, watch.Overflows);
        var (pid, _) = _probe.Shell("echo x > own/after");
        Assert.Equal(pid, Assert.Single(watch.Look()).Pid);
    }

    private FileWatch Watch()
    {
        var watch = new FileWatch(new WatchedPlace(At("own"), FileArea.Data));
        Assert.SkipUnless(watch.Unwatched.Count == 0, $"fanotify cannot be had here: {string.Join("; ", watch.Unwatched)}");
        return watch;
    }

    private string At(string path) => Path.Combine(_probe.Folder, path);
}
