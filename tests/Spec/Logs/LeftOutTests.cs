using System.Runtime.Versioning;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Logs;
using Picket.Sensors.Logs.Access;
using Picket.Spec.Durability;
using Picket.Spec.Journal;

namespace Picket.Spec.Logs;

/// <summary>What is left out, how much of it, and for how long.</summary>
[SupportedOSPlatform("linux")]
public sealed class LeftOutTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();
    private readonly BlockedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_place_is_tried_at_once_when_its_thread_comes_back_and_later_each_time_that_it_hangs_again()
    {
        var paths = new LeftOutPaths(_files, _clock);
        foreach (var wait in (int[])[0, 10, 20, 40])
        {
            var thread = new object();
            paths.Left(thread, Turn(LogWork.Read, "/var/log/x"), default);
            Assert.True(paths.Covers("/var/log/x") && paths.Covers("/var/log/x/y") && !paths.Covers("/var/log/xy") && !paths.Covers("/var/log"));
            Assert.Equal(1, paths.Hanging);
            paths.Back(thread);
            Assert.Equal(0, paths.Hanging);
            if (wait > 0)
            {
                _clock.Advance(TimeSpan.FromSeconds(wait) - Second);
                Assert.False(paths.Tend());
                _clock.Advance(Second);
            }

            Assert.True(paths.Tend());
            Assert.False(paths.Covers("/var/log/x"));
        }
    }

    [Theory]
    [InlineData((int)LogWork.Open, "log")]
    [InlineData((int)LogWork.Stat, "log")]
    [InlineData((int)LogWork.Read, "log")]
    [InlineData((int)LogWork.List, "")]
    public void A_place_whose_thread_never_comes_back_is_tried_by_a_thread_of_its_own(int work, string name)
    {
        var folder = TestFolder.Make("leftout");
        var paths = new LeftOutPaths(_files, _clock);
        var path = Path.Join(folder, name.Length == 0 ? "" : "/" + name);
        File.WriteAllText(Path.Combine(folder, "log"), "x");
        _files.Block((LogWork)work, path);
        paths.Left(new object(), Turn((LogWork)work, path), default);
        _clock.Advance(9 * Second);
        Assert.False(paths.Tend());
        Assert.Equal(1, paths.Hanging);
        _clock.Advance(Second);
        Assert.False(paths.Tend());
        Assert.True(SpinWait.SpinUntil(() => _files.Blocked == 1, TimeSpan.FromSeconds(10)), "waited for the try");
        _clock.Advance(1000 * Second);
        Assert.False(paths.Tend());
        Assert.Equal(2, paths.Hanging);
        _files.Release();
        Assert.True(SpinWait.SpinUntil(paths.Tend, TimeSpan.FromSeconds(10)), "waited for the end of the try");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_place_that_did_not_hang_for_long_is_tried_at_once_again()
    {
        var paths = new LeftOutPaths(_files, _clock);
        foreach (var (pause, times) in ((int, int)[])[(0, 1), (1199, 2), (1201, 1)])
        {
            _clock.Advance(pause * Second);
            var thread = new object();
            Assert.Equal(times, paths.Left(thread, Turn(LogWork.Read, "/var/log/x"), default).Times);
            paths.Back(thread);
        }

        Assert.Single(paths.Places);
        Assert.True(paths.Tend());
        Assert.Empty(paths.Places);
    }

    [Fact]
    public void A_try_does_not_exceed_the_threads_that_may_hang()
    {
        var paths = new LeftOutPaths(_files, _clock);
        var others = Enumerable.Range(1, LeftOutPaths.MostThreads - 1).Select(_ => new object()).ToList();
        foreach (var other in others) paths.Left(other);
        _files.Block(LogWork.Stat, "/var/log/x");
        paths.Left(new object(), Turn(LogWork.Stat, "/var/log/x"), default);
        _clock.Advance(11 * Second);
        Assert.False(paths.Tend());
        Assert.Equal(LeftOutPaths.MostThreads, paths.Hanging);
        paths.Back(others[0]);
        Assert.False(paths.Tend());
        Assert.Equal(LeftOutPaths.MostThreads, paths.Hanging);
        Assert.True(SpinWait.SpinUntil(() => _files.Blocked == 1, TimeSpan.FromSeconds(10)), "waited for the try");
    }

    [Fact]
    public void A_place_is_tried_when_something_else_is_mounted_there()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "to mount needs root");
        var folder = TestFolder.Make("leftout");
        var paths = new LeftOutPaths(_files, _clock);
        paths.Left(new object(), Turn(LogWork.Read, Path.Combine(folder, "log")), default);
        Assert.False(paths.Tend());
        TestDisk.Run("mount", "-t", "tmpfs", "none", folder);
        try
        {
            Assert.True(paths.Tend());
            Assert.Empty(paths.Places);
        }
        finally
        {
            TestDisk.Run("umount", folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_thread_that_comes_back_before_it_is_said_to_hang_does_not_count()
    {
        var paths = new LeftOutPaths(_files, _clock);
        var thread = new object();
        paths.Back(thread);
        paths.Left(thread, Turn(LogWork.Read, "/var/log/x"), default);
        Assert.Equal(0, paths.Hanging);
        Assert.True(paths.Tend());
    }

    [Fact]
    public void A_mount_behind_which_somebody_has_to_answer_is_left_out_as_a_whole()
    {
        string[] lines =
        [
            "20 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw", "30 20 8:2 / /var rw - xfs /dev/sda2 rw",
            @"40 20 0:40 / /mnt/a\040b rw,relatime shared:2 master:3 - nfs4 server:/x rw", @"41 20 0:41 / /mnt/a\040b rw - fuse.sshfs host: rw", "broken",
        ];
        Assert.Equal(new MountPlace(41, "/mnt/a b", "fuse.sshfs"), MountPlace.Of("/mnt/a b/log", lines));
        Assert.True(MountPlace.Of("/mnt/a b", lines)!.IsDistant);
        Assert.Equal(new MountPlace(30, "/var", "xfs"), MountPlace.Of("/var/log/x", lines));
        Assert.False(MountPlace.Of("/var/log/x", lines)!.IsDistant);
        Assert.Equal(20, MountPlace.Of("/variable", lines)!.Id);

        // All of the host is on it: to leave that out would be to read nothing.
        Assert.False(MountPlace.Of("/var", ["20 1 0:9 / / rw - nfs4 server:/x rw"])!.IsDistant);
    }

    [Fact]
    public void A_thread_hangs_when_three_looks_find_it_where_it_was_for_longer_than_its_work_may_take()
    {
        var watch = new LogThreadWatch(Second);
        var now = BootClock.NowNs;
        var late = new LogTurn(1, LogWork.Read, "/x", now - 2_000_000_000, TimeSpan.Zero);
        Assert.Equal([false, false, true], [watch.Look(late), watch.Look(late), watch.Look(late)]);
        Assert.False(watch.Look(late with { Number = 2 }));
        var waits = late with { Number = 3, Work = LogWork.Wait, Allowance = 10 * Second };
        Assert.Equal([false, false, false, false], [watch.Look(waits), watch.Look(waits), watch.Look(waits), watch.Look(waits)]);
        Assert.True(watch.Look(waits with { SinceNs = now - 12_000_000_000 }));
        watch.Reset();
        Assert.Equal([false, false, true], [watch.Look(late), watch.Look(late), watch.Look(late)]);
        watch.Reset();
        Assert.False(watch.Look(late));
    }

    private static LogTurn Turn(LogWork work, string path) => new(1, work, path, 0, TimeSpan.Zero);
}
