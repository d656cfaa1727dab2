using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Records;
using Picket.Sensors.Linux;
using Picket.Spec.Ebpf;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>
/// A concern is blinded by somebody else while a program does the same thing all the time: what the gap's notice says is compared
/// with what the program says that it did, and with what was alerted.
/// </summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed partial class GapSpec : IDisposable
{
    private const double Exact = 50;
    private static readonly SyscallEntry Entry = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? SyscallEntry.X64 : SyscallEntry.Arm64;

    private readonly string _rules = Write(FaultRules.Match);
    private readonly Probe _probe = new();

    public void Dispose()
    {
        Directory.Delete(_rules, true);
        _probe.Dispose();
    }

    [Theory]
    [InlineData("privilege", "memfd", "delete", "BPF_MAP_DELETE_ELEM")]
    [InlineData("file", "file", "delete", "BPF_MAP_DELETE_ELEM")]
    [InlineData("network", "network", "detach", "BPF_LINK_DETACH")]
    [InlineData("dns", "dns", "detach", "BPF_LINK_DETACH")]
    [InlineData("network", "network", "replace", "BPF_LINK_UPDATE")]
    [InlineData("dns", "dns", "replace", "BPF_LINK_UPDATE")]
    [InlineData("process", "exec", "poke", "BPF_MAP_UPDATE_ELEM")]
    [InlineData("uring", "uring", "poke", "BPF_MAP_UPDATE_ELEM")]
    [InlineData("syscalls", "memfd", "poke", "BPF_MAP_UPDATE_ELEM")]
    public async Task The_notice_of_a_gap_names_its_beginning_and_its_end_within_50_ms(string concern, string stream, string way, string call)
    {
        Rule(stream);
        await using var node = await LiveNode.StartAsync(_rules);
        var pins = node.Host.Ebpf!.Maps.Options.PinFolder!;
        var damage = CProgram.Compile("damage", _probe.Folder);
        using var acting = Process.Start(new ProcessStartInfo(CProgram.Compile("stream", _probe.Folder), [stream, "1200", node.Tool("match")])
            { RedirectStandardOutput = true, WorkingDirectory = _probe.Folder })!;
        var done = acting.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.AlertAsync(alert => NumberOf(alert) == 50, "the fiftieth act's alert");

        var (before, after) = Damage(damage, way == "delete" ? [way, $"{pins}/exit_calls", Slot(concern)]
            : way is "detach" or "replace" ? [way, Directory.GetFiles(pins, $"{concern}-*-egress").Single()]
            : [way, $"{pins}/state", StateOffset.OfGeneration(ConcernOf(concern)), "77777"]);
        var noticed = Stopwatch.StartNew();
        var tampered = NoticeOf(await node.AlertAsync(alert => RuleOf(alert) == "picket.sensor-tampered", "the notice that the sensor was tampered with"));
        Assert.True(noticed.Elapsed < TimeSpan.FromSeconds(5), $"the damage was noticed after {noticed.Elapsed.TotalSeconds} s");
        Assert.True(tampered.TryGetProperty("by-call", out _), tampered.GetRawText());
        Assert.Equal((concern, call, "damage"), (tampered.GetProperty("part").GetString(), tampered.GetProperty("by-call").GetString(), tampered.GetProperty("by-name").GetString()));
        var gap = NoticeOf(await node.AlertAsync(alert => RuleOf(alert) == "picket.sensor-gap", "the notice of the gap"));
        Assert.Equal(($"ebpf/{concern}", "kernel"), (gap.GetProperty("sensor").GetString(), gap.GetProperty("from-known-by").GetString()));
        var (from, to) = (gap.GetProperty("from").GetDateTimeOffset(), gap.GetProperty("to").GetDateTimeOffset());

        var acts = (await done).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .ToDictionary(words => int.Parse(words[0], CultureInfo.InvariantCulture), words => TimeOf(words[1]));
        await node.AlertAsync(alert => NumberOf(alert) == acts.Count, "the alert of the last act");
        Assert.True(await node.StopAsync());
        var unseen = acts.Keys.Except(node.Alerts().Select(NumberOf).OfType<int>()).Order().ToList();
        Assert.NotEmpty(unseen);
        var said = $"said {from:ss.ffff} to {to:ss.ffff}; damaged {before:ss.ffff} to {after:ss.ffff}; unseen {acts[unseen[0]]:ss.ffff} to {acts[unseen[^1]]:ss.ffff}";
        TestContext.Current.TestOutputHelper!.WriteLine(said);
        Assert.True(Math.Abs((from - acts[unseen[0]]).TotalMilliseconds) < Exact && Math.Abs((from - after).TotalMilliseconds) < Exact, said);
        Assert.True(Math.Abs((to - acts[unseen[^1]]).TotalMilliseconds) < Exact, said);
        Assert.Equal(Enumerable.Range(unseen[0], unseen.Count), unseen);
        Assert.Single(node.Alerts(), alert => RuleOf(alert) == "picket.sensor-gap");
    }

    private static string Slot(string concern) => (concern == "file"
        ? (int)CallLane.File * CallTable.Slots + SyscallNames.NumberOf(Entry, "openat")!.Value
        : (int)CallLane.Privilege * CallTable.Slots + SyscallNames.NumberOf(Entry, "memfd_create")!.Value).ToString(CultureInfo.InvariantCulture);

    private static Concern ConcernOf(string name) => Enum.GetValues<Concern>().Single(concern => ProgramSet.NameOf(concern) == name);

    private static (DateTimeOffset Before, DateTimeOffset After) Damage(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var words = process.StandardOutput.ReadToEnd().Split(' ');
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return (TimeOf(words[0]), TimeOf(words[1]));
    }

    private static DateTimeOffset TimeOf(string bootNs) =>
        DateTimeOffset.UnixEpoch.AddTicks((long.Parse(bootNs, CultureInfo.InvariantCulture) + BootClock.OffsetNs) / 100);

    /// <summary>The number of the act that an alert is about; null for another alert.</summary>
    private static int? NumberOf(JsonElement alert)
    {
        if (RuleOf(alert).StartsWith("picket.", StringComparison.Ordinal)) return null;
        if (alert.TryGetProperty("destination", out var to) && to.GetProperty("port").GetInt32() is > 20000 and var port) return port - 20000;
        return ActNumber().Match(alert.GetRawText()) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex("gap-([0-9]+)")]
    private static partial Regex ActNumber();

    private void Rule(string stream)
    {
        var (category, field) = stream switch
        {
            "memfd" => ("memfd_create", "TargetFilename|startswith: gap-"),
            "dns" => ("dns_query", "QueryName|startswith: gap-"),
            "network" => ("network_connection", "DestinationPort|gt: 20000\n    Image|endswith: /stream"),
            "exec" => ("process_creation", "CommandLine|startswith: 'match gap-'"),
            _ => ("file_event", "TargetFilename|contains: /gap-"),
        };
        File.WriteAllText(Path.Combine(_rules, "rules.yml"), $"""
            title: An act of the stream
            id: 2d8a1a60-9df5-4d5e-9a44-3a8f3f8e3b77
            status: test
            level: low
            logsource:
              product: linux
              category: {category}
            detection:
              selection:
                {field}
              condition: selection
            """);
    }
}
