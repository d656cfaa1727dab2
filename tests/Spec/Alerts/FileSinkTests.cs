using System.Diagnostics;
using System.Text;
using Picket.Detection.Alerts.Delivery;
using Picket.Detection.Alerts.Outbox;
using Picket.Detection.Alerts.Sinks;
using Picket.Detection.Events.Journal;
using Picket.Spec.Journal;

namespace Picket.Spec.Alerts;

public sealed class FileSinkTests
{
    private const string File1 = "/alerts/alerts.ndjson";

    private static readonly FileSinkOptions Sink = new() { Path = File1, MaxFileBytes = 4096, MaxFiles = 3 };
    private static readonly JournalOptions Journal = new()
    {
        Kind = "any", SegmentBytes = 4096, MaxBytes = 1 << 20, MaxRecordBytes = 2048, Sync = SyncPolicy.Each, RetryDelay = TimeSpan.Zero,
    };

    private readonly ManualClock _clock = new();
    private readonly List<SinkNotice> _notices = [];

    [Fact]
    public void Wherever_the_power_is_cut_each_stored_alert_is_in_the_files_once_and_whole()
    {
        const int Count = 60;
        var operations = RunUntilItDies(new FaultyFileSpace(), []);
        Assert.True(operations > 150);
        for (var at = 1; at <= operations; at++)
        {
            var files = new FaultyFileSpace(at) { PullPlugAt = at };
            var stored = new HashSet<int>();
            RunUntilItDies(files, stored);
            files.CutPower();
            var again = new HashSet<int>();
            RunUntilItDies(files, again);
            var lines = Lines(files);

            // Four files of 4 KiB hold them all, so that a line that is missing was lost and not rotated away.
            Assert.True(lines.Count == lines.Distinct().Count(), $"plug pulled at {at}: a line is there twice");
            Assert.All(lines, line => Assert.StartsWith("{\"@timestamp\":", line, StringComparison.Ordinal));
            foreach (var number in stored.Concat(again))
                Assert.True(lines.Contains(Line(number)), $"plug pulled at {at}: alert {number} is lost ({stored.Count} were stored before)");
        }

        int RunUntilItDies(FaultyFileSpace files, HashSet<int> stored)
        {
            try
            {
                using var outbox = OpenOutbox(files);
                using var sink = new NdjsonFileSink(files, Sink, _notices.Add);
                using var cursor = new SinkCursor(outbox, "file");
                for (var i = 0; i < Count; i++)
                {
                    if (outbox.Put(Samples.Alert(i)) is PutOutcome.Stored or PutOutcome.Known) stored.Add(i);
                    cursor.Tell(outbox.End);
                    Assert.Equal(SinkProgress.CaughtUp, cursor.Pump(sink, 100));
                    if (i % 7 == 6) cursor.Commit(sink, cursor.Position);
                }
            }
            catch (PlugPulledException)
            {
            }

            return files.Operations;
        }
    }

    [Fact]
    public void A_full_disk_holds_back_says_so_once_and_loses_nothing()
    {
        var files = new FaultyFileSpace();
        using var outbox = OpenOutbox(new FaultyFileSpace());
        using var sink = new NdjsonFileSink(files, Sink, _notices.Add);
        using var cursor = new SinkCursor(outbox, "file");
        for (var i = 0; i < 20; i++) outbox.Put(Samples.Alert(i));
        cursor.Tell(outbox.End);
        cursor.Edge.Give(20);
        for (var free = 0; free < 3000; free += 50)
        {
            files.FreeBytes = 50;
            cursor.Pump(sink, 100);
            Assert.True(Content(files).Length == 0 || Content(files).EndsWith('\n'));
            Assert.Equal(0, cursor.ReportAt(new Picket.Detection.Events.Barrier(1, cursor.Edge, 20), outbox.End) is var report ? report.In - report.Out : 1);
        }

        Assert.Equal(1, _notices.Count(notice => notice.Name == "sink-held"));
        files.FreeBytes = long.MaxValue;
        Assert.Equal(SinkProgress.CaughtUp, cursor.Pump(sink, 100));
        Assert.Equal(["sink-held", "sink-resumed"], _notices.Select(notice => notice.Name));
        Assert.Equal(Enumerable.Range(0, 20).Select(Line), Lines(files));
    }

    [Fact]
    public void Rotation_keeps_the_youngest_files_and_each_ends_with_a_whole_line()
    {
        var files = new FaultyFileSpace();
        using var sink = new NdjsonFileSink(files, Sink, _notices.Add);
        for (var i = 0; i < 300; i++) Write(sink, i);
        Assert.Equal(["alerts.ndjson", "alerts.ndjson.1", "alerts.ndjson.2", "alerts.ndjson.3"], files.List("/alerts"));
        foreach (var name in files.List("/alerts"))
        {
            var content = files.Content("/alerts/" + name);
            Assert.InRange(content.Length, 1, 4096);
            Assert.Equal((byte)'\n', content[^1]);
        }

        var lines = Lines(files);
        Assert.Equal(Enumerable.Range(300 - lines.Count, lines.Count).Select(Line), lines);
    }

    [Fact]
    public void A_line_that_a_crash_cut_short_is_removed_and_somebody_elses_is_left()
    {
        var files = new FaultyFileSpace();
        files.Put(File1, Encoding.UTF8.GetBytes(Line(1) + "\n" + Line(2)[..40]));
        using (var sink = new NdjsonFileSink(files, Sink, _notices.Add)) Write(sink, 2);
        Assert.Equal([Line(1), Line(2)], Lines(files));

        files.Put(File1, "a note without an end"u8.ToArray());
        using (var sink = new NdjsonFileSink(files, Sink, _notices.Add)) Write(sink, 3);
        Assert.Equal(["a note without an end", Line(3)], Lines(files));
        Assert.Equal(["sink-repaired", "sink-repaired"], _notices.Select(notice => notice.Name));
    }

    [Fact]
    public void A_file_cut_to_nothing_by_a_copying_rotation_is_gone_on_with_at_its_start()
    {
        var files = new FaultyFileSpace();
        using var sink = new NdjsonFileSink(files, Sink, _notices.Add);
        Write(sink, 1);
        using (var other = files.Open(File1, write: true)) other.Truncate(0);
        Write(sink, 2);
        Assert.Equal([Line(2)], Lines(files));
    }

    [Fact]
    public async Task Readers_by_name_and_by_inode_see_every_line_once_while_files_rotate()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "alerts", "alerts.ndjson");
        var options = Sink with { Path = path, MaxFileBytes = 4096, MaxFiles = 500 };
        const int Count = 3000;
        var seen = new List<string>();
        var stop = TestContext.Current.CancellationToken;
        var reader = Task.Run(() => Follow(path, seen, Count, stop), stop);
        using (var sink = new NdjsonFileSink(DiskFileSpace.Instance, options, _notices.Add))
        {
            for (var i = 0; i < Count; i++)
            {
                Write(sink, i);

                // A reader by name can miss a file only if two rotations fall between two of its looks; give it its turn.
                while (i - Volatile.Read(ref _followed) > 20 && !reader.IsCompleted) Thread.Yield();
            }
        }

        await reader.WaitAsync(TimeSpan.FromSeconds(60), stop);
        Assert.Equal(Enumerable.Range(0, Count).Select(Line), seen);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(path)!)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_file_that_was_moved_or_removed_is_made_again()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "alerts.ndjson");
        using var sink = new NdjsonFileSink(DiskFileSpace.Instance, Sink with { Path = path, GroupReadable = true }, _notices.Add);
        Write(sink, 1);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(path));
        File.Move(path, path + ".moved");
        Write(sink, 2);
        File.Delete(path);
        Write(sink, 3);
        Assert.Equal([Line(1)], File.ReadAllLines(path + ".moved"));
        Assert.Equal([Line(3)], File.ReadAllLines(path));
        Assert.Equal(["sink-reopened", "sink-reopened"], _notices.Select(notice => notice.Name));
    }

    [Fact]
    public void A_link_in_the_files_place_is_refused()
    {
        using var folder = new TemporaryFolder();
        var target = Path.Combine(folder.Path, "target");
        File.WriteAllText(target, "precious\n");
        var path = Path.Combine(folder.Path, "alerts.ndjson");
        File.CreateSymbolicLink(path, target);
        var failure = Assert.Throws<IOException>(() => new NdjsonFileSink(DiskFileSpace.Instance, Sink with { Path = path }, _notices.Add));
        Assert.Contains("symbolic link", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_is_really_full_holds_back_and_goes_on_when_there_is_room()
    {
        using var folder = new TemporaryFolder();
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.Path), "mounting a small tmpfs needs root");
        try
        {
            var path = Path.Combine(folder.Path, "alerts.ndjson");
            var filler = Path.Combine(folder.Path, "filler");
            File.WriteAllBytes(filler, new byte[32 << 10]);
            using var sink = new NdjsonFileSink(DiskFileSpace.Instance, Sink with { Path = path, MaxFileBytes = 1 << 20 }, _notices.Add);
            var number = 0;
            while (sink.Write(Entry(number)) == SinkResult.Written) number++;
            Assert.InRange(number, 100, 1000);
            Assert.Equal(SinkResult.HeldBack, sink.Write(Entry(number)));
            Assert.Equal(Enumerable.Range(0, number).Select(Line), File.ReadAllLines(path));
            Assert.EndsWith("\n", File.ReadAllText(path), StringComparison.Ordinal);
            File.Delete(filler);
            Write(sink, number);
            Assert.Equal(Enumerable.Range(0, number + 1).Select(Line), File.ReadAllLines(path));
            Assert.Equal(["sink-held", "sink-resumed"], _notices.Select(notice => notice.Name));
        }
        finally
        {
            Run("umount", folder.Path);
        }
    }

    private int _followed;

    private void Follow(string path, List<string> seen, int count, CancellationToken stop)
    {
        FileStream? file = null;
        var rest = "";
        var buffer = new byte[65536];
        while (seen.Count < count)
        {
            stop.ThrowIfCancellationRequested();
            if (file is null)
            {
                if (!File.Exists(path)) continue;
                try
                {
                    file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                }
                catch (FileNotFoundException)
                {
                    continue; // between the rename and the new file
                }
            }

            // Asked before the read: whatever is in the file when another has its name is all there will ever be.
            var replaced = !DiskFileSpaceIs(file, path);
            var read = file.Read(buffer);
            rest += Encoding.UTF8.GetString(buffer, 0, read);
            for (var feed = rest.IndexOf('\n', StringComparison.Ordinal); feed >= 0; feed = rest.IndexOf('\n', StringComparison.Ordinal))
            {
                seen.Add(rest[..feed]);
                rest = rest[(feed + 1)..];
            }

            Volatile.Write(ref _followed, seen.Count);
            if (read > 0 || !replaced) continue;
            Assert.Equal("", rest);
            file.Dispose();
            file = null;
        }

        file?.Dispose();
    }

    private static bool DiskFileSpaceIs(FileStream file, string path)
    {
        if (!OperatingSystem.IsLinux()) return File.Exists(path);
        return LinuxFiles.IsSame(file.SafeFileHandle, path);
    }

    private AlertOutbox OpenOutbox(FaultyFileSpace files) => AlertOutbox.Open(files, "/outbox", Journal, 1000, _clock);

    private static string Line(int number) => Encoding.UTF8.GetString(Samples.Alert(number).Line.Span);

    private static OutboxEntry Entry(int number)
    {
        Assert.True(OutboxEntry.TryUnpack(OutboxEntry.Pack(Samples.Alert(number)), out var entry));
        return entry;
    }

    private static void Write(NdjsonFileSink sink, int number) => Assert.Equal(SinkResult.Written, sink.Write(Entry(number)));

    private static string Content(FaultyFileSpace files) => files.Exists(File1) ? Encoding.UTF8.GetString(files.Content(File1)) : "";

    private static List<string> Lines(FaultyFileSpace files)
    {
        var lines = new List<string>();
        foreach (var name in files.List("/alerts").Reverse())
        {
            var content = Encoding.UTF8.GetString(files.Content("/alerts/" + name));
            if (content.Length == 0) continue;
            Assert.EndsWith("\n", content, StringComparison.Ordinal);
            lines.AddRange(content[..^1].Split('\n'));
        }

        return lines;
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}
