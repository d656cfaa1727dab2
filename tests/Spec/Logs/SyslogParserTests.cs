using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Sensors.Logs.Syslog;
using Picket.Spec.Journal;
using static Picket.Spec.Logs.Lines;

namespace Picket.Spec.Logs;

public sealed class SyslogParserTests
{
    [Theory]
    [InlineData("Mar  3 15:30:25 web1 sshd[812]: Failed password for root", "web1", "sshd", "812", "Failed password for root")]
    [InlineData("Mar 03 15:30:25 web1 CRON[7]: (root) CMD (true)", "web1", "CRON", "7", "(root) CMD (true)")]
    [InlineData("Mar  3 15:30:25 web1 kernel: [12.5] device eth0 entered promiscuous mode", "web1", "kernel", "", "[12.5] device eth0 entered promiscuous mode")]
    [InlineData("Mar  3 15:30:25 web1 last message repeated 3 times", "web1", "", "", "last message repeated 3 times")]
    [InlineData("Mar  3 15:30:25 sshd[812]: no host", "", "sshd", "812", "no host")]
    [InlineData("Mar  3 15:30:25 web1 (systemd)[9]: x: y", "web1", "(systemd)", "9", "x: y")]
    [InlineData("2026-03-03T15:30:25.123456+01:00 web1 su[4]: (to root) bob on pts/1", "web1", "su", "4", "(to root) bob on pts/1")]
    [InlineData("<34>Mar  3 15:30:25 web1 su: 'su root' failed", "web1", "su", "", "'su root' failed")]
    [InlineData("<165>1 2026-03-03T15:30:25.003Z web1 evntslog 55 ID47 [x@1 a=\"b ] c\\\" d\"][y@1] \uFEFFAn event", "web1", "evntslog", "55", "An event")]
    [InlineData("<13>1 - - - - - - bare", "", "", "", "bare")]
    [InlineData("<165>1 2026-03-03T15:30:25Z web1 app - - -", "web1", "app", "", "")]
    [InlineData("Tue Mar  3 15:30:25 2026 -> /tmp/x: Eicar FOUND", "", "", "", "/tmp/x: Eicar FOUND")]
    [InlineData("Tue Mar  3 15:30:25 2026 [pid 2] CONNECT", "", "", "", "[pid 2] CONNECT")]
    [InlineData("no header at all: none", "", "", "", "no header at all: none")]
    [InlineData("", "", "", "", "")]
    [InlineData("Mar 99 15:30:25 web1 sshd: x", "", "", "", "Mar 99 15:30:25 web1 sshd: x")]
    public void A_line_comes_apart(string line, string host, string program, string pid, string message)
    {
        var bytes = Encoding.UTF8.GetBytes(line);

        var header = new SyslogParser(new ManualClock()).Parse(bytes);

        Assert.Equal((host, program, pid, message), (Text(header.Host.Of(bytes)), Text(header.Program.Of(bytes)), Text(header.Pid.Of(bytes)), Text(header.Message.Of(bytes))));
    }

    [Theory]
    [InlineData("<34>Mar  3 15:30:25 h su: x", 4, 2)]
    [InlineData("<0>Mar  3 15:30:25 h su: x", 0, 0)]
    [InlineData("<191>1 - - - - - - x", 23, 7)]
    [InlineData("<192>Mar  3 15:30:25 h su: x", -1, -1)]
    [InlineData("<>Mar  3 15:30:25 h su: x", -1, -1)]
    [InlineData("Mar  3 15:30:25 h su: x", -1, -1)]
    public void A_priority_is_facility_and_severity(string line, int facility, int severity)
    {
        var header = new SyslogParser(new ManualClock()).Parse(Encoding.UTF8.GetBytes(line));

        Assert.Equal((facility, severity), (header.Facility, header.Severity));
    }

    [Theory]
    [InlineData("9999-12-31T23:59:60Z h a: b")]
    [InlineData("2262-01-01T00:00:00Z h a: b")]
    [InlineData("Fri Dec 31 23:59:60 9999 x")]
    public void A_time_that_no_number_of_nanoseconds_says_is_none(string line)
    {
        var header = new SyslogParser(new ManualClock()).Parse(Encoding.UTF8.GetBytes(line));

        Assert.Equal((0UL, line.Length), (header.TimeNs, header.Message.Length));
    }

    // The clock stands at 2026-03-04 05:06:07.
    [Theory]
    [InlineData("2026-03-03T15:30:25.5+01:00 h a: b", "2026-03-03T14:30:25.5Z")]
    [InlineData("2026-03-03T15:30:25Z h a: b", "2026-03-03T15:30:25Z")]
    [InlineData("Tue Mar  3 15:30:25 2026 x", "2026-03-03T15:30:25L")]
    [InlineData("Mar  3 15:30:25 h a: b", "2026-03-03T15:30:25L")]
    [InlineData("Mar  4 23:00:00 h a: b", "2026-03-04T23:00:00L")]
    [InlineData("Mar  9 15:30:25 h a: b", "2025-03-09T15:30:25L")]
    [InlineData("Dec 31 23:59:59 h a: b", "2025-12-31T23:59:59L")]
    [InlineData("Feb 29 12:00:00 h a: b", "2024-02-29T12:00:00L")]
    public void A_time_without_a_year_is_the_last_that_fits(string line, string expected)
    {
        var time = DateTime.Parse(expected[..^1], CultureInfo.InvariantCulture, DateTimeStyles.None);
        var offset = expected.EndsWith('L') ? TimeZoneInfo.Local.GetUtcOffset(time) : TimeSpan.Zero;

        var header = new SyslogParser(new ManualClock()).Parse(Encoding.UTF8.GetBytes(line));

        Assert.Equal(new DateTimeOffset(time, offset).ToUniversalTime(), DateTimeOffset.UnixEpoch.AddTicks((long)header.TimeNs / 100));
    }

    [Fact]
    public void Whatever_a_line_holds_its_parts_lie_in_it()
    {
        string[] pieces = ["<34>", "1 ", "Mar  3 15:30:25", " ", "host", "sshd", "[", "12", "]", ":", "-", "\"", "\\", "=", "2026-03-03T15:30:25Z", "\0", "é"];
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), picks =>
        {
            var line = Encoding.UTF8.GetBytes(string.Concat(picks.Select(pick => pieces[pick % pieces.Length])));
            var header = new SyslogParser(new ManualClock()).Parse(line);
            foreach (var part in (Sensors.Logs.TextPart[])[header.Host, header.Program, header.Pid, header.Message]) part.Of(line);
            return header.Message.Start + header.Message.Length == line.Length;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_line_of_sudo_has_its_keys_as_fields()
    {
        var batch = Record("auth", "Mar  3 15:30:25 web1 sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=#-1 ; COMMAND=/bin/sh -c a ; b USER=x");

        Assert.Equal(("alice", "pts/0", "/home/alice", "/bin/sh -c a ; b USER=x"), (First(batch, "user"), First(batch, "TTY"), First(batch, "PWD"), First(batch, "COMMAND")));
        Assert.Equal(["#-1"], All(batch, "USER"));
        Assert.Equal("", First(Record("auth", "Mar  3 15:30:25 web1 su: alice : USER=root"), "USER"));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_stay_as_they_are()
    {
        byte[] line = [.. "Mar  3 15:30:25 h sshd[1]: user "u8, 0xFF, 0xFE, .. " from"u8];

        var batch = Record("auth", line);

        Assert.Equal(line, batch.View(0).Raw.ToArray());
        Assert.Equal((byte[])[.. "user "u8, 0xFF, 0xFE, .. " from"u8], batch.View(0).First(Detection.Events.LogFields.Message).Text.ToArray());
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
