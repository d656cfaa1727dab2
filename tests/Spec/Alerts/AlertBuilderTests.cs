using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Ecs;

namespace Picket.Spec.Alerts;

public sealed class AlertBuilderTests
{
    [Fact]
    public void A_live_alert_is_the_golden_one() => Golden("live", Samples.Builder().Build(Samples.Rule, Samples.LiveBatch().View(0), Samples.Matches));

    [Fact]
    public void A_replayed_alert_is_the_golden_one() => Golden("replay", Replayed(7));

    [Fact]
    public void A_correlation_is_the_golden_one() =>
        Golden("correlation", Samples.Builder().Build(Samples.Rule, Samples.LiveBatch().View(0), Samples.Correlation()));

    [Fact]
    public void Correlations_of_one_group_are_alike_and_those_of_another_are_not()
    {
        var view = Samples.LiveBatch().View(0);
        static Alert Build(string? user) => Samples.Builder().Build(Samples.Rule, Samples.LiveBatch().View(0), Samples.Correlation(KeyValuePair.Create("User", user)));

        Assert.Equal(Build("bob").Likeness, Build("bob").Likeness);
        Assert.NotEqual(Build("bob").Likeness, Build("eve").Likeness);
        Assert.NotEqual(Build("").Likeness, Build(null).Likeness);
        Assert.NotEqual(default, Build("bob").Likeness);
        Assert.NotEqual(Build("alice").Likeness, Samples.Builder().Build(Samples.Rule, view, []).Likeness);
        Assert.Contains("User=a\\u{1b}b", Build("a\u001bb").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_notice_is_the_golden_one() => Golden("notice", Samples.Builder().Build(Notice()));

    [Fact]
    public void The_same_events_always_give_the_same_id_and_others_never()
    {
        var builder = Samples.Builder();
        var first = builder.Build(Samples.Rule, Samples.LiveBatch().View(0), Samples.Matches);
        Assert.Equal(first.Id, builder.Build(Samples.Rule, Samples.LiveBatch().View(0), []).Id);
        Assert.NotEqual(first.Id, builder.Build(Samples.Rule with { ContentHash = "b" }, Samples.LiveBatch().View(0), Samples.Matches).Id);
        Assert.NotEqual(first.Id, builder.Build(Samples.Rule with { Id = "b" }, Samples.LiveBatch().View(0), Samples.Matches).Id);
        Assert.NotEqual(first.Id, builder.Build(Samples.Rule, Samples.LiveBatch(pid: 4243).View(0), Samples.Matches).Id);
        Assert.NotEqual(first.Id, builder.Build(Samples.Rule, Samples.LiveBatch(timeNs: 367_123_456_790).View(0), Samples.Matches).Id);
        Assert.Equal(Replayed(7).Id, Replayed(7).Id);
        Assert.NotEqual(Replayed(7).Id, Replayed(8).Id);

        var one = AlertIds.OfEvent(Samples.LiveBatch(pid: 1).View(0));
        var two = AlertIds.OfEvent(Samples.LiveBatch(pid: 2).View(0));
        Assert.NotEqual(AlertIds.OfAlert(Samples.Rule, [one, two]), AlertIds.OfAlert(Samples.Rule, [two, one]));
    }

    [Fact]
    public void Whatever_bytes_a_process_chooses_the_line_is_one_valid_document_and_the_bytes_are_kept()
    {
        var bytes = Gen.OneOf(
            Gen.Choose(0, 255).Select(b => new[] { (byte)b }),
            Gen.Elements("\"", "\\", "\n", "\u001b[31m", "\u202e", "\u2028", "é", "😀", "{\"a\":", "\0", "</script>").Select(Encoding.UTF8.GetBytes));
        Prop.ForAll(bytes.NonEmptyListOf().Select(parts => parts.SelectMany(part => part).ToArray()).ToArbitrary(), command =>
        {
            var alert = Samples.Builder().Build(Samples.Rule, Samples.LiveBatch(commandLine: command).View(0), Samples.Matches);
            Assert.Equal(-1, alert.Line.Span.IndexOfAnyInRange((byte)0, (byte)0x1F));
            using var document = JsonDocument.Parse(alert.Line);
            var process = document.RootElement.GetProperty("process");
            Assert.Equal(Encoding.UTF8.GetString(command), process.GetProperty("command_line").GetString());
            var isText = System.Text.Unicode.Utf8.IsValid(command);
            var picket = document.RootElement.GetProperty("picket");
            Assert.Equal(!isText, picket.TryGetProperty("bytes", out var twins));
            if (!isText) Assert.Equal(command, twins.GetProperty("process.command_line").GetBytesFromBase64());
            Assert.DoesNotContain(alert.Text, char.IsControl);
            Assert.DoesNotContain('\u202e', alert.Text);
            Assert.DoesNotContain('\u2028', alert.Text);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Values_beyond_the_limit_are_cut_between_characters_and_named()
    {
        var builder = Samples.Builder(Samples.Options with { MaxValueBytes = 64, MaxItems = 2 });
        var alert = builder.Build(Samples.Rule, Samples.LiveBatch(["nc", new string('é', 40), "x", "y"]).View(0), Samples.Matches);
        using var document = JsonDocument.Parse(alert.Line);
        var process = document.RootElement.GetProperty("process");
        Assert.Equal("nc " + new string('é', 30), process.GetProperty("command_line").GetString());
        Assert.Equal(2, process.GetProperty("args").GetArrayLength());
        Assert.Equal(4, process.GetProperty("args_count").GetInt32());
        var truncated = document.RootElement.GetProperty("picket").GetProperty("truncated").EnumerateArray().Select(item => item.GetString()).ToArray();
        Assert.Contains("process.command_line", truncated);
        Assert.Contains("process.args", truncated);
        Assert.False(document.RootElement.GetProperty("picket").TryGetProperty("bytes", out _));
    }

    [Fact]
    public void The_readable_line_shows_the_chain_and_no_terminal_obeys_it()
    {
        var alert = Samples.Builder().Build(Samples.Rule, Samples.LiveBatch(["nc", "\u001b]0;owned\u0007"]).View(0), Samples.Matches);
        Assert.Equal("Netcat Suspicious Execution | systemd > sshd > bash > nc | pid 4242 | user alice | nc \\u{1b}]0;owned\\u{7}", alert.Text);
    }

    [Theory]
    [InlineData(0L, "1970-01-01T00:00:00.000000000Z")]
    [InlineData(-1L, "1969-12-31T23:59:59.999999999Z")]
    [InlineData(1_772_600_767_123_456_789L, "2026-03-04T05:06:07.123456789Z")]
    public void Times_keep_their_nanoseconds(long ns, string text) => Assert.Equal(text, EcsTime.Format(ns));

    [Fact]
    public void Levels_and_their_numbers_are_frozen()
    {
        Assert.Equal([0, 1, 2, 3, 4], Enum.GetValues<AlertLevel>().Select(level => (int)level));
        Assert.Equal([5, 21, 47, 73, 99], Enum.GetValues<AlertLevel>().Select(AlertLevels.Severity));
        Assert.Equal(Enum.GetValues<AlertLevel>(), Enum.GetValues<AlertLevel>().Select(level => AlertLevels.Parse(AlertLevels.Word(level))));
    }

    [Fact]
    public void A_notice_repeats_its_id_only_for_the_same_occurrence()
    {
        var builder = Samples.Builder();
        Assert.Equal(builder.Build(Notice() with { Occurrence = "boot:1" }).Id, builder.Build(Notice() with { Occurrence = "boot:1", Message = "other" }).Id);
        Assert.NotEqual(builder.Build(Notice() with { TimeNs = 1 }).Id, builder.Build(Notice() with { TimeNs = 2 }).Id);
    }

    internal static Alert Replayed(ulong number)
    {
        var batch = Samples.ReplayBatch("{\"EventID\":1,\"Image\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\"}", number,
            ("EventID", "1"), ("Computer", "dc1.example.org"), ("Image", "C:\\Windows\\System32\\cmd.exe"), ("CommandLine", "cmd /c whoami"), ("ProcessId", "4711"),
            ("ProcessGuid", "{A-1}"), ("User", "EXAMPLE\\bob"), ("ParentImage", "C:\\Windows\\explorer.exe"), ("ParentCommandLine", "explorer"),
            ("ParentProcessId", "0x10"), ("CurrentDirectory", "C:\\"), ("OriginalFileName", "Cmd.Exe"), ("Company", "Microsoft"),
            ("Hashes", "SHA1=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA,MD5=0123456789abcdef0123456789ABCDEF,IMPHASH=0123456789ABCDEF0123456789ABCDEF"),
            ("Channel", "Microsoft-Windows-Sysmon/Operational"), ("DestinationIp", "198.51.100.9"), ("DestinationPort", "443"));
        return Samples.Builder().Build(Samples.Rule, batch.View(0), Samples.Matches);
    }

    internal static Notice Notice() => new("unclean-start", "Unclean start", AlertLevel.Medium, "the last run did not end; 12 events were lost",
        [new NoticeDetail("lost", 12), new NoticeDetail("boot", Samples.Boot)]);

    /// <summary>Set PICKET_GOLDEN=write to accept what the code makes now, and read the difference before committing it.</summary>
    private static void Golden(string name, Alert alert)
    {
        var path = Path.Combine(Corpora.Root, "tests", "Spec", "Alerts", "Golden", name + ".json");
        var pretty = Pretty(alert.Line) + "\n" + alert.Text + "\n";
        if (Environment.GetEnvironmentVariable("PICKET_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, pretty);
        }

        Assert.Equal(File.ReadAllText(path), pretty);
    }

    private static string Pretty(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
