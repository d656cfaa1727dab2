using System.Text;
using System.Text.RegularExpressions;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Scan;
using Picket.Sensors.Replay;
using Picket.Sensors.Replay.Json;
using Picket.Sensors.Replay.Windows;
using Picket.Spec.Sigma;

namespace Picket.Spec.Replay;

/// <summary>The Sigma log source of Windows records.</summary>
public sealed partial class WindowsRouteSpec
{
    [Theory]
    [InlineData("Microsoft-Windows-Sysmon/Operational", 1, null, "windows/process_creation/sysmon")]
    [InlineData("microsoft-windows-sysmon/operational", 11, null, "windows/file_event/sysmon")]
    [InlineData("Microsoft-Windows-Sysmon/Operational", 12, "CreateKey", "windows/registry_add/sysmon")]
    [InlineData("Microsoft-Windows-Sysmon/Operational", 12, "DeleteValue", "windows/registry_delete/sysmon")]
    [InlineData("Microsoft-Windows-Sysmon/Operational", 12, "INFO", "windows/registry_key/sysmon")]
    [InlineData("Microsoft-Windows-Sysmon/Operational", 13, "SetValue", "windows/registry_set/sysmon")]
    [InlineData("Microsoft-Windows-Sysmon/Operational", 255, null, "windows/sysmon_error/sysmon")]
    [InlineData("Microsoft-Windows-Sysmon/Operational", 9999, null, "windows//sysmon")]
    [InlineData("Linux-Sysmon/Operational", 3, null, "linux/network_connection/sysmon")]
    [InlineData("Microsoft-Windows-PowerShell/Operational", 4104, null, "windows/ps_script/powershell")]
    [InlineData("PowerShellCore/Operational", 4103, null, "windows/ps_module/powershell")]
    [InlineData("Windows PowerShell", 400, null, "windows/ps_classic_start/powershell-classic")]
    [InlineData("Security", 4688, null, "windows//security")]
    [InlineData("System", 7045, null, "windows//system")]
    [InlineData("Microsoft-Windows-Windows Defender/Operational", 1116, null, "windows//windefend")]
    [InlineData("Vendor/Operational", 1, null, "windows//")]
    public void A_channel_and_a_number_are_a_log_source(string channel, int number, string? type, string expected)
    {
        InternAll();
        Assert.Equal(expected, Name(Route($$"""{"Channel":"{{channel}}","EventID":{{number}},"EventType":"{{type}}"}""")));
    }

    [Theory]
    [InlineData("""{"Provider_Name":"Microsoft-Windows-Security-Auditing","EventID":4624}""", "windows//security")]
    [InlineData("""{"SourceName":"Microsoft-Windows-Sysmon","EventID":"1"}""", "windows/process_creation/sysmon")]
    [InlineData("""{"Event":{"System":{"Channel":"Security","EventID":4624}}}""", "windows//security")]
    [InlineData("""{"winlog":{"channel":"Security","event_id":"4624"}}""", "windows//security")]
    public void A_provider_stands_in_for_its_channel_and_wrappers_do_not_matter(string json, string expected)
    {
        InternAll();
        Assert.Equal(expected, Name(Route(json)));
    }

    [Theory]
    [InlineData("""{"Image":"/a"}""")]
    [InlineData("""{"SourceName":"nginx"}""")]
    [InlineData("""{"Channel":"#general","text":"hi"}""")]
    public void What_is_no_record_of_Windows_is_offered_to_every_rule(string json) => Assert.Equal(EventRoute.Any, Route(json));

    [Fact]
    public void A_name_that_rules_enter_later_is_found()
    {
        const string Json = """{"Channel":"Microsoft-Windows-VHDMP/Operational","EventID":1}""";
        Route(Json);
        var service = EventRouteTable.Intern("vhdmp");
        Assert.Equal(service, Route(Json).Service);
    }

    [Fact]
    public void Every_event_of_the_registry_is_one_for_rules_on_registry_event()
    {
        var rules = new Dictionary<string, SigmaRule>();
        foreach (var category in (string[])["registry_event", "registry_add", "registry_delete", "registry_set", "file_delete"])
            rules[category] = Rule(category);
        var engine = SigmaEngine.Build([.. rules.Values]);
        AssertAsked(engine, 12, "CreateKey", "registry_event", "registry_add");
        AssertAsked(engine, 12, "DeleteKey", "registry_event", "registry_delete");
        AssertAsked(engine, 12, "INFO", "registry_event", "registry_add", "registry_delete");
        AssertAsked(engine, 13, "SetValue", "registry_event", "registry_set");
        AssertAsked(engine, 14, "RenameKey", "registry_event");
        AssertAsked(engine, 23, "", "file_delete");
        AssertAsked(engine, 26, "", "file_delete");
        AssertAsked(engine, 1, "");
    }

    [Fact]
    public void A_record_takes_no_allocation()
    {
        var batch = Read("""{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"C:\\a.exe","CommandLine":"x","User":"u"}""");
        Set(batch);
        Assert.Equal(0, Allocated.Least(() =>
        {
            for (var i = 0; i < 10_000; i++) Set(batch);
        }));
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < 30; round++)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            for (var i = 0; i < 100_000; i++) Set(batch);
            if (clock.Elapsed < best) best = clock.Elapsed;
        }

        TestContext.Current.SendDiagnosticMessage($"{best.TotalNanoseconds / 100_000:0.0} ns for the route of a record");
    }

    [Fact]
    public void Every_channel_and_category_of_Sigmas_taxonomy_is_known()
    {
        var lines = File.ReadLines(Corpora.Require("sigma-spec/specification/sigma-appendix-taxonomy.md")).Where(line => line.StartsWith("| windows ", StringComparison.Ordinal));
        var services = WindowsChannels.Table.Select(row => (row.Channel, row.Service)).ToHashSet();
        var categories = WindowsCategories.Table.ToHashSet();
        var missing = new List<string>();
        var seen = 0;
        foreach (var line in lines)
        {
            var channels = ChannelCell().Match(line) is { Success: true } cell ? Channels(cell.Groups[1].Value) : [];
            if (Service().Match(line) is { Success: true } service)
            {
                foreach (var channel in channels)
                {
                    seen++;
                    if (!services.Contains((channel, service.Groups[1].Value))) missing.Add(line);
                }
            }
            else if (Category().Match(line) is { Success: true } category && channels.Count > 0)
            {
                foreach (Match number in Digits().Matches(EventIds().Match(line).Value))
                {
                    seen++;
                    var id = int.Parse(number.Value, System.Globalization.CultureInfo.InvariantCulture);

                    // Two or three categories of one event: see CategoryKin.
                    if (category.Groups[1].Value is "registry_event" or "registry_add" or "registry_delete") continue;
                    if (channels.Any(channel => !categories.Contains((channel, id, category.Groups[1].Value)))) missing.Add(line);
                }
            }
        }

        Assert.Empty(missing);
        Assert.InRange(seen, 85, 200);
    }

    [Fact]
    public void Every_service_that_rules_of_SigmaHQ_for_Windows_name_has_a_channel()
    {
        var known = WindowsChannels.Table.SelectMany(row => new[] { row.Service, row.Alias }).ToHashSet();
        var rules = CorpusLoadSpec.LoadActive().Rules.Where(rule => rule.LogSource is { Product: "windows", Service: not null });
        Assert.Subset(known, rules.Select(rule => rule.LogSource.Service).ToHashSet());
    }

    [GeneratedRegex("Channel: ?(.*?)\\|")]
    private static partial Regex ChannelCell();

    [GeneratedRegex("service: ([a-z0-9-]+)")]
    private static partial Regex Service();

    [GeneratedRegex("category: ([a-z_]+)")]
    private static partial Regex Category();

    [GeneratedRegex("EventIDs?:.*?Channel")]
    private static partial Regex EventIds();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    private static List<string> Channels(string cell) =>
        [.. cell.Split("<br>").Select(part => part.Trim().TrimStart('-').Trim().Replace("WinEventLog:", "", StringComparison.Ordinal)).Where(part => part.Length > 0)];

    private static SigmaRule Rule(string category) => Assert.Single(SigmaRuleSet.Parse(
        $"title: {category}\nlogsource: {{product: windows, category: {category}}}\ndetection:\n  sel:\n    EventID|exists: true\n  condition: sel\n", "r.yml").Rules);

    private static void AssertAsked(SigmaEngine engine, int number, string type, params string[] expected)
    {
        var batch = Read($$"""{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":{{number}},"EventType":"{{type}}"}""");
        var sink = new RecordingSink();
        engine.Evaluate(batch.View(0), sink);
        Assert.Equal(expected.Order(), sink.Matches.Select(rule => rule.Title).Order());
        var twin = new FullScan();
        Assert.Equal(expected.Order(), engine.Rules.Where(rule => twin.Matches(rule.Syntax, batch.View(0))).Select(rule => rule.Title).Order());
    }

    private static void Set(EventBatch batch) => RecordRoute.Set(batch, ref batch.Last);

    private static EventRoute Route(string json) => Read(json).View(0).Record.Route;

    private static EventBatch Read(string json)
    {
        FieldTable.Intern("EventType");
        using var reader = new JsonRecordReader(new MemoryStream(Encoding.UTF8.GetBytes(json)), "x", malformed => Assert.Fail(malformed.ToString()));
        var batch = new EventBatch(4, 64 * 1024);
        Assert.True(reader.Fill(batch, null));
        return batch;
    }

    private static string Name(EventRoute route) => $"{Part(route.Product)}/{Part(route.Category)}/{Part(route.Service)}";

    private static string Part(byte part) => part == EventRouteTable.NoRules ? "" : EventRouteTable.NameOf(part);

    private static void InternAll()
    {
        foreach (var name in (string[])["windows", "linux", "sysmon", "powershell", "powershell-classic", "security", "system", "windefend", "process_creation", "file_event",
            "registry_add", "registry_delete", "registry_key", "registry_set", "sysmon_error", "network_connection", "ps_script", "ps_module", "ps_classic_start"])
        {
            EventRouteTable.Intern(name);
        }
    }
}
