using System.Runtime.Versioning;
using Picket.Detection.Events;
using Picket.Sensors.Logs;

namespace Picket.Spec.Logs;

/// <summary>What happens to log files, and what is read of them.</summary>
[SupportedOSPlatform("linux")]
public sealed class LogWatchTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void What_is_there_at_the_first_start_is_no_news_and_what_comes_later_is()
    {
        using var lab = new LogLab();
        lab.Append("auth.log", "old one\nold two\nhalf a l");
        Assert.Empty(lab.Read());

        lab.Append("auth.log", "ine\nnew one\nnew two\n");
        Assert.Equal(["new one", "new two"], lab.Read());
        Assert.Empty(lab.Read());
        Assert.Empty(lab.Findings);
    }

    [Fact]
    public void By_choice_the_first_start_reads_from_the_beginning()
    {
        using var lab = new LogLab(options => options with { FirstFromEnd = false });
        lab.Append("auth.log", "one\n");
        Assert.Equal(["one"], lab.Read());
    }

    [Fact]
    public void A_file_that_appears_late_is_read_from_its_beginning()
    {
        using var lab = new LogLab();
        Assert.Empty(lab.Read());
        lab.Append("auth.log", "one\n");
        Assert.Equal(["one"], lab.Read());
    }

    [Fact]
    public void A_line_counts_when_it_ends()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", "one\ntw");
        Assert.Equal(["one"], lab.Read());
        lab.Append("auth.log", "o\r\n\n\nthree\n");
        Assert.Equal(["two", "three"], lab.Read());
        Assert.Equal([0UL, 4UL, 11UL], lab.Seen.Select(line => line.Sequence));
        Assert.Equal(2, lab.Sensor.Counts.BlankLines);
        Assert.Equal(0, lab.Sensor.Pool.Outstanding);
    }

    [Fact]
    public void Rotation_by_rename_loses_nothing_that_is_written_before_the_writer_is_told()
    {
        using var lab = new LogLab();
        lab.Read();
        using var writer = new StreamWriter(new FileStream(lab.At("auth.log"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
        writer.Write("one\n");
        Assert.Equal(["one"], lab.Read());
        writer.Write("two\n");
        File.Move(lab.At("auth.log"), lab.At("auth.log.1"));
        lab.Append("auth.log", "of the new file\n");
        writer.Write("three\n");
        Assert.Equal(["two", "three", "of the new file"], lab.Read());

        lab.Clock.Advance(Minute / 2);
        writer.Write("four\nfive with no end");
        Assert.Equal(["four"], lab.Read());
        lab.Clock.Advance(Minute);
        Assert.Equal(["five with no end"], lab.Read());
        lab.Clock.Advance(2 * Minute);
        lab.Read();
        Assert.Single(lab.Sensor.Tracks, track => !track.IsFinished);
        Assert.Empty(lab.Findings);
    }

    [Fact]
    public void Copy_and_truncate_is_read_on_in_the_copy_and_then_from_the_beginning()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", "the first line, long enough\n");
        Assert.Single(lab.Read());
        lab.Append("auth.log", "unread before the copy\n");
        File.Copy(lab.At("auth.log"), lab.At("auth.log.1"));
        Truncate(lab, "auth.log");
        lab.Append("auth.log", "after\n");

        Assert.Equal(["after", "unread before the copy"], lab.Read().Order());
        Assert.Empty(lab.Findings);
        Assert.Equal(2, lab.Seen.Select(line => line.Origin).Distinct().Count());
    }

    [Fact]
    public void A_file_that_was_truncated_and_has_grown_beyond_its_old_length_between_two_looks_is_noticed()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", "the first line\n");
        lab.Read();
        Truncate(lab, "auth.log");
        lab.Append("auth.log", "another first line that is longer\nsecond\n");

        Assert.Equal(["another first line that is longer", "second"], lab.Read());
        Assert.Equal(["log-truncated"], lab.Findings.Select(finding => finding.Name));
    }

    [Fact]
    public void A_file_replaced_by_another_is_read_from_its_beginning_and_the_rest_of_the_first_is_not_forgotten()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", "one\n");
        lab.Read();
        lab.Append("auth.log", "two\n");
        File.WriteAllText(lab.At("next"), "of the next\n");
        File.Move(lab.At("next"), lab.At("auth.log"), overwrite: true);

        Assert.Equal(["two", "of the next"], lab.Read());
    }

    [Fact]
    public void Two_rotations_between_two_looks_leave_nothing_unread()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", "one\n");
        lab.Read();
        lab.Append("auth.log", "two\n");
        File.Move(lab.At("auth.log"), lab.At("auth.log.2"));
        LogLab.AwaitTick();
        lab.Append("auth.log", "never seen at its path\n");
        File.Move(lab.At("auth.log"), lab.At("auth.log.1"));
        LogLab.AwaitTick();
        lab.Append("auth.log", "three\n");

        Assert.Equal(["never seen at its path", "three", "two"], lab.Read().Order());
        Assert.Empty(lab.Read());
    }

    [Fact]
    public void A_very_long_line_is_cut_said_once_and_the_next_one_is_whole()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", new string('a', 300_000) + "\nshort\n" + new string('b', 1024) + "\n" + new string('c', 1025) + "\nlast\n");

        Assert.Equal([new string('a', 1024), "short", new string('b', 1024), new string('c', 1024), "last"], lab.Read());
        Assert.Equal([true, false, false, true, false], lab.Seen.Select(line => line.Flags.HasFlag(EventFlags.LineTruncated)));
        Assert.Equal(["log-line-cut"], lab.Findings.Select(finding => finding.Name));
        Assert.Equal((2, 300_000 - 1024 + 1), (lab.Sensor.Counts.CutLines, lab.Sensor.Counts.SkippedTotal));
    }

    [Fact]
    public void A_long_line_that_comes_in_parts_is_one_line()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", new string('a', 1500));
        Assert.Single(lab.Read());
        lab.Append("auth.log", new string('a', 1500));
        Assert.Empty(lab.Read());
        lab.Append("auth.log", "a\nb\n");
        Assert.Equal(["b"], lab.Read());
    }

    [Fact]
    public void A_hole_of_zeros_after_a_truncation_is_skipped()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", new string('\0', 70_000) + "behind the hole\n");

        Assert.Equal(["behind the hole"], lab.Read());
        Assert.Equal(70_000, lab.Sensor.Counts.SkippedTotal);
    }

    [Fact]
    public void A_pattern_takes_files_as_they_come_and_leaves_what_rotation_made()
    {
        using var lab = new LogLab(null, ("*/app*.log", "syslog"), ("*/app*.log*", "syslog"));
        Directory.CreateDirectory(lab.At("x"));
        lab.Read();
        lab.Append("x/app1.log", "one\n");
        lab.Append("x/app1.log.1", "rotated\n");
        lab.Append("x/app1.log-20261121", "rotated\n");
        lab.Append("x/app1.log.2.gz", "rotated\n");
        lab.Append("x/other.log", "other\n");
        Assert.Equal(["one"], lab.Read());
        Directory.CreateDirectory(lab.At("y"));
        lab.Append("y/app2.log", "two\n");
        Assert.Equal(["two"], lab.Read());
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_said_once_and_read_when_it_can_be()
    {
        using var lab = new LogLab(null, ("auth.log", "auth"), ("fifo.log", "auth"), ("good.log", "auth"));
        File.CreateSymbolicLink(lab.At("auth.log"), lab.At("auth.log"));
        Assert.Equal(0, mkfifo(lab.At("fifo.log"), 384));
        lab.Read();
        lab.Append("good.log", "good\n");
        Assert.Equal(["good"], lab.Read());
        Assert.Equal(["log-unreadable", "log-unreadable"], lab.Findings.Select(finding => finding.Name));
        Assert.Contains(lab.At("auth.log"), lab.Findings[0].Message);
        Assert.Contains("no regular file", lab.Findings[1].Message);

        File.Delete(lab.At("auth.log"));
        lab.Read();
        lab.Append("auth.log", "old\n");
        lab.Read();
        lab.Append("auth.log", "now\n");
        Assert.Equal(["now"], lab.Read());
        Assert.Equal("log-readable", lab.Findings[^1].Name);
    }

    [Fact]
    public void The_nodes_own_files_are_not_read()
    {
        using var lab = new LogLab(null, ("*.log", "syslog"));
        using var own = new LogLab(options => options with { Files = lab.Options.Files, Own = [lab.At("alerts.log")] });
        own.Read();
        lab.Append("alerts.log", "an alert\n");
        lab.Append("app.log", "a line\n");
        Assert.Equal(["a line"], own.Read());
    }

    [Fact]
    public void A_busy_file_does_not_keep_the_others_waiting()
    {
        using var lab = new LogLab(null, ("busy.log", "auth"), ("quiet.log", "auth"));
        lab.Read();
        lab.Append("busy.log", string.Concat(Enumerable.Range(0, 5000).Select(i => $"busy {i}\n")));
        lab.Append("quiet.log", "quiet\n");
        var texts = lab.Read();
        Assert.Equal(5001, texts.Count);
        Assert.True(texts.IndexOf("quiet") <= 256, $"it came as number {texts.IndexOf("quiet")}");
    }

    [Fact]
    public void With_no_batch_left_lines_wait_in_their_file()
    {
        using var lab = new LogLab { Holds = true };
        lab.Read();
        lab.Append("auth.log", string.Concat(Enumerable.Range(0, 2000).Select(i => $"line {i}\n")));
        Assert.Equal(lab.Options.Batches * lab.Options.BatchRecords, lab.Read().Count);
        lab.LetGo();
        Assert.Equal(2000 - (lab.Options.Batches * lab.Options.BatchRecords), lab.Read().Count);
        lab.LetGo();
        Assert.Equal(0, lab.Sensor.Pool.Outstanding);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"line {i}"), lab.Seen.Select(line => line.Text));
    }

    [Fact]
    public void Lines_of_one_path_go_to_one_shard_over_rotation_and_runs()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", "one\n");
        lab.Read();
        var before = lab.Sensor.Tracks[0].Source.Spread;
        lab.Stop();
        Truncate(lab, "auth.log");
        lab.Append("auth.log", "two\n");
        lab.Read();
        Assert.All(lab.Sensor.Tracks, track => Assert.Equal(before, track.Source.Spread));
    }

    [Theory]
    [InlineData(true, "auth.log", false, "not the journal")]
    [InlineData(true, "cron.log", true, "not the journal, as /nowhere/journalctl is not there")]
    [InlineData(false, "auth.log", true, "not the journal, as /nowhere/journalctl is not there")]
    public void The_first_look_decides_whether_the_journal_is_read(bool only, string there, bool reads, string words)
    {
        var journal = new JournalReading("/nowhere/journalctl") { OnlyWithoutSystemLog = only };
        using var lab = new LogLab(options => options with { Journal = journal }, ("auth.log", "auth"), ("cron.log", "cron"), ("*/x.log", "cron"));
        Assert.Equal(!only, lab.Sensor.ReadsJournal);
        Assert.StartsWith("logs: none looked at yet of 3 paths, not the journal", lab.Sensor.Describe());
        lab.Append(there, "one\n");
        lab.Read();
        Assert.Equal(reads, lab.Sensor.ReadsJournal);
        Assert.Equal($"logs: 1 files of 3 paths, {words}", lab.Sensor.Describe());

        lab.Append("auth.log", "two\n");
        lab.NextThread();
        lab.Read();
        Assert.Equal(reads, lab.Sensor.ReadsJournal);
    }

    private static void Truncate(LogLab lab, string name)
    {
        using var file = new FileStream(lab.At(name), FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    [System.Runtime.InteropServices.DllImport("libc", CharSet = System.Runtime.InteropServices.CharSet.Ansi, BestFitMapping = false)]
    [System.Runtime.InteropServices.DefaultDllImportSearchPaths(System.Runtime.InteropServices.DllImportSearchPath.System32)]
    private static extern int mkfifo(string path, uint mode);
}
