using System.Runtime.Versioning;
using FsCheck;
using FsCheck.Fluent;

namespace Picket.Spec.Logs;

/// <summary>What a run finds that the one before did not finish.</summary>
[SupportedOSPlatform("linux")]
public sealed class LogRestartTests
{
    [Fact]
    public void The_next_run_goes_on_behind_the_last_line_that_was_done()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", "one\ntwo\n");
        lab.Read();
        lab.Stop();
        lab.Append("auth.log", "three\n");
        Assert.Equal(["three"], lab.Read());
    }

    [Fact]
    public void What_was_under_way_at_a_kill_comes_again_with_the_same_numbers()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", "one\n");
        lab.Read();
        Assert.Null(lab.Sensor.Save());
        lab.Holds = true;
        lab.Append("auth.log", "two\nthree\n");
        Assert.Equal(["two", "three"], lab.Read());
        var before = lab.Seen.TakeLast(2).ToList();
        lab.Sensor.Save();
        lab.Kill();

        Assert.Equal(["two", "three"], lab.Read());
        Assert.Equal(before, lab.Seen.TakeLast(2));
    }

    [Fact]
    public void A_line_under_way_behind_one_that_is_done_is_not_passed()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Holds = true;
        lab.Append("auth.log", "held\n");
        lab.Read();
        lab.Holds = false;
        lab.Append("auth.log", "done\n");
        lab.Read();
        lab.Sensor.Save();
        lab.Kill();
        Assert.Equal(["held", "done"], lab.Read());
    }

    [Fact]
    public void Another_thread_of_the_same_run_goes_on_behind_what_is_under_way()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Holds = true;
        lab.Append("auth.log", "one\n");
        lab.Read();
        lab.NextThread();
        lab.Append("auth.log", "two\n");
        Assert.Equal(["two"], lab.Read());
        lab.LetGo();
        Assert.Equal(8, lab.Sensor.Tracks[0].Committed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_rotation_while_no_run_looked_loses_nothing(bool copied)
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", "the first line, long enough\n");
        lab.Read();
        lab.Stop();
        LogLab.AwaitTick();
        lab.Append("auth.log", "unread\n");
        if (copied)
        {
            File.Copy(lab.At("auth.log"), lab.At("auth.log.1"));
            File.WriteAllText(lab.At("auth.log"), "");
        }
        else
        {
            File.Move(lab.At("auth.log"), lab.At("auth.log.1"));
        }

        lab.Append("auth.log", "of the new one\n");
        Assert.Equal(["of the new one", "unread"], lab.Read().Order());
        Assert.Empty(lab.Findings);
        lab.Stop();
        Assert.Empty(lab.Read());
    }

    [Fact]
    public void A_log_whose_rest_is_gone_is_said()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", "the first line\n");
        lab.Read();
        lab.Stop();
        File.Delete(lab.At("auth.log"));
        lab.Append("auth.log", "another file\n");

        Assert.Equal(["another file"], lab.Read());
        Assert.Equal(["log-gap"], lab.Findings.Select(finding => finding.Name));
        Assert.Contains("15 bytes", lab.Findings[0].Message);
    }

    [Fact]
    public void A_kill_behind_a_truncation_reads_both_parts_again_under_their_own_numbers()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", "the first line, long enough\n");
        lab.Read();
        lab.Sensor.Save();
        lab.Holds = true;
        lab.Append("auth.log", "only in the copy\n");
        File.Copy(lab.At("auth.log"), lab.At("auth.log.1"));
        File.WriteAllText(lab.At("auth.log"), "after\n");
        lab.Read();
        var before = lab.Seen.TakeLast(2).ToHashSet();
        lab.Sensor.Save();
        lab.Kill();

        lab.Read();
        Assert.Equal(before, lab.Seen.TakeLast(2).ToHashSet());
    }

    [Fact]
    public void A_log_that_was_copied_truncated_and_written_again_to_its_size_is_read_in_both_parts()
    {
        using var lab = new LogLab();
        lab.Read();
        lab.Append("auth.log", "the first line, long enough\n");
        lab.Read();
        lab.Append("auth.log", "only in the copy\n");
        File.Copy(lab.At("auth.log"), lab.At("auth.log.1"));
        LogLab.AwaitTick();
        File.WriteAllText(lab.At("auth.log"), "another one, of that length\n");
        Assert.Equal(["another one, of that length", "only in the copy"], lab.Read().Order());
        Assert.Empty(lab.Findings);
    }

    [Fact]
    public void A_file_that_was_made_while_no_run_looked_is_read_from_its_beginning()
    {
        using var lab = new LogLab(null, ("auth.log", "auth"), ("cron.log", "cron"));
        lab.Append("auth.log", "old\n");
        lab.Read();
        lab.Stop();
        LogLab.AwaitTick();
        lab.Append("cron.log", "made meanwhile\n");
        Assert.Equal(["made meanwhile"], lab.Read());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\":1,\"logs\":[{\"pa")]
    [InlineData("{\"version\":2,\"looked\":1,\"logs\":[]}")]
    [InlineData("{\"version\":1,\"logs\":[{\"path\":\"/x\",\"device\":1,\"inode\":1,\"birth\":0,\"epoch\":0,\"offset\":-5,\"head\":\"\"}]}")]
    public void Positions_that_make_no_sense_are_said_and_the_logs_are_read_as_at_first(string content)
    {
        using var lab = new LogLab();
        File.WriteAllText(lab.Options.PositionsFile, content);
        lab.Kill();
        lab.Append("auth.log", "old\n");
        Assert.Empty(lab.Read());
        lab.Append("auth.log", "new\n");
        Assert.Equal(["new"], lab.Read());
        Assert.Equal(["log-positions-damaged"], lab.Findings.Select(finding => finding.Name));
    }

    [Fact]
    public void Whatever_happens_between_looks_and_kills_every_line_comes_and_doubles_have_one_number()
    {
        // Lines are numbered; 0 to 3 append, 4 rotates by rename, 5 by copy and truncate, 6 looks, 7 kills, 8 stops, 9 completes.
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            using var lab = new LogLab(options => options with { Batches = 64 }) { Holds = true };
            lab.Append("auth.log", $"begin {Guid.NewGuid()}\n");
            lab.Read();
            var written = new List<string>();
            var rotated = 0;
            foreach (var step in steps.Take(40))
            {
                switch (step % 10)
                {
                    case 4:
                        File.Move(lab.At("auth.log"), lab.At($"auth.log.{++rotated}"));
                        LogLab.AwaitTick();
                        Write();
                        break;
                    case 5:
                        LogLab.AwaitTick();
                        File.Copy(lab.At("auth.log"), lab.At($"auth.log.{++rotated}"));
                        File.WriteAllText(lab.At("auth.log"), "");
                        LogLab.AwaitTick();
                        Write();
                        break;
                    case 6:
                        lab.Read();
                        LogLab.AwaitTick();
                        break;
                    case 7:
                        lab.Sensor.Save();
                        lab.Kill();
                        break;
                    case 8:
                        lab.Stop();
                        break;
                    case 9:
                        lab.LetGo();
                        break;
                    default:
                        Write();
                        break;
                }
            }

            lab.Read();
            var numbers = lab.Seen.GroupBy(line => line.Text).Select(group => group.Select(line => (line.Sequence, line.Origin)).Distinct().Count());
            return written.All(text => lab.Seen.Exists(line => line.Text == text)) && numbers.All(count => count == 1);

            void Write()
            {
                written.Add($"line number {written.Count:0000} {new string('x', written.Count % 7 * 40)}");
                lab.Append("auth.log", written[^1] + "\n");
            }
        }).QuickCheckThrowOnFailure();
    }
}
