using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Context;
using Picket.Detection.Events;
using Picket.Spec.Journal;

namespace Picket.Spec.Alerts;

/// <summary>Events as a sensor and a replay would deliver them, and the parts to make alerts of them.</summary>
internal static class Samples
{
    internal const string Boot = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

    /// <summary>2026-03-04T05:00:00Z was boot time 0.</summary>
    internal static readonly EventSource Live = new("ebpf", Boot, null, 1_772_600_400_000_000_000);

    internal static readonly AlertRule Rule = new(
        "sigma", "8e1cb247-6cf6-42fa-b440-3f27d57e9936", "Netcat Suspicious Execution", new string('a', 64), "high",
        "Detects netcat with a listening port", "frack113, Florian Roth", "DRL 1.1",
        ["https://example.org/one", "https://example.org/two"],
        ["attack.command-and-control", "attack.t1095", "attack.t1059.004", "attack.defense_evasion", "cve.2024-1234", "attack.s0029"],
        "rules/nc.yml");

    internal static readonly AlertMatch[] Matches = [new("selection", "Image", "/usr/bin/nc"), new("selection", "CommandLine", "nc -l -p 4444")];

    /// <summary>Three events of one user, of which the newest is the live sample's.</summary>
    internal static AlertCorrelation Correlation(params KeyValuePair<string, string?>[] group)
    {
        StableId[] events = [new(1), new(2), AlertIds.OfEvent(LiveBatch().View(0))];
        return new AlertCorrelation(AlertIds.OfAlert(Rule, events), events, "value_avg", ["first", "second"],
            group.Length > 0 ? group : [new("User", "alice"), new("LogonId", null)], Live.ClockOffsetNs, Live.ClockOffsetNs + 5_000_000_000, TimeSpan.FromMinutes(5), 3, 2.5);
    }

    internal static AlertOptions Options { get; } = new()
    {
        Host = new HostFacts
        {
            Name = "web-1", Hostname = "web-1.example.org", Id = "c0ffee", BootId = Boot, Architecture = "x86_64", OsType = "linux",
            OsName = "Debian GNU/Linux", OsFull = "Debian GNU/Linux 12 (bookworm)", OsFamily = "debian", OsVersion = "12", OsKernel = "6.1.0",
        },
        AgentVersion = "0.1.0",
        AgentId = "a-1",
        AgentName = "web-1",
        Tags = ["fleet-a"],
        Lost = static () => 3,
    };

    internal static AlertBuilder Builder(AlertOptions? options = null) => new(options ?? Options, new ManualClock());

    /// <summary>A batch with one process_creation record: nc below bash below sshd below init.</summary>
    internal static EventBatch LiveBatch(string[]? arguments = null, byte[]? commandLine = null, int pid = 4242, ulong timeNs = 367_123_456_789)
    {
        var parent = Process(null, 1, 1_000_000, "/usr/lib/systemd/systemd", ["/sbin/init"], 0);
        parent = Process(parent, 700, 5_000_000_000, "/usr/sbin/sshd", ["sshd:", "alice"], 0);
        parent = Process(parent, 900, 300_000_000_000, "/usr/bin/bash", ["-bash"], 1000);
        return Exec(parent, pid, timeNs, "/usr/bin/nc", arguments ?? ["nc", "-l", "-p", "4444"], commandLine);
    }

    internal static EventBatch ReplayBatch(string line, ulong number, params (string Field, string Value)[] fields)
    {
        var batch = new EventBatch(1, 4096);
        batch.Begin(new EventSource("replay", "", "/data/sysmon.json", 0), null);
        ref var record = ref batch.Add(EventKind.Unknown);
        record.Sequence = number;
        record.TimeNs = 1_772_600_767_500_000_000;
        record.Route = EventRouteTable.Route("windows", "process_creation", null);
        var raw = Encoding.UTF8.GetBytes(line);
        record.RawStart = batch.Append(raw);
        record.RawLength = raw.Length;
        foreach (var (field, value) in fields) batch.AddText(FieldTable.Intern(field), Encoding.UTF8.GetBytes(value));
        return batch;
    }

    internal static Alert Alert(int number, string ruleId = "rule-1", long timeNs = 0, int pid = 0)
    {
        var rule = Rule with { Id = ruleId };
        using var hash = new StableHash("test");
        var id = hash.Add(ruleId).AddNumber((ulong)number).Finish();
        var likeness = default(StableId);
        if (pid != 0)
        {
            using var other = new StableHash("like");
            likeness = other.Add(ruleId).AddNumber((ulong)pid).Finish();
        }

        var line = string.Create(CultureInfo.InvariantCulture,
            $"{{\"@timestamp\":\"{EcsTime.Format(timeNs)}\",\"event\":{{\"id\":\"{id}\"}},\"rule\":{{\"id\":\"{rule.Id}\"}},\"n\":{number}}}");
        return new Alert(id, ruleId, AlertLevel.High, timeNs, likeness, $"alert {number}", Encoding.UTF8.GetBytes(line));
    }

    private static ProcessContext Process(ProcessContext? parent, int pid, ulong startNs, string image, string[] arguments, uint uid)
    {
        var batch = new EventBatch(1, 4096);
        batch.Begin(Live, null);
        var detail = Fill(batch, parent?.Key ?? default, pid, startNs, startNs, image, arguments, null, uid);
        return new ProcessContext(new ProcessKey(startNs, pid), parent, ProgramImage.Copy(batch.View(0)), detail, Names(pid, parent, uid));
    }

    private static EventBatch Exec(ProcessContext parent, int pid, ulong timeNs, string image, string[] arguments, byte[]? commandLine)
    {
        var batch = new EventBatch(1, 8192);
        batch.Begin(Live, null);
        var detail = Fill(batch, parent.Key, pid, timeNs - 2_000_000, timeNs, image, arguments, commandLine, 1000);
        batch.AddText(Fields.ThreadName, "nc"u8);
        batch.AddText(Fields.Tty, "pts/3"u8);
        batch.AddText(Fields.CgroupPath, Encoding.UTF8.GetBytes($"/system.slice/docker-{new string('b', 64)}.scope"));
        batch.AddText(Fields.SshConnection, "192.0.2.7 51234 192.0.2.1 22"u8);
        batch.AddText(Fields.LdPreload, "/tmp/x.so"u8);
        var view = batch.View(0);
        batch.Attach(0, new ProcessContext(view.Record.Key, parent, ProgramImage.Copy(view), detail, Names(pid, parent, 1000)));
        return batch;
    }

    private static ProcessDetail Fill(
        EventBatch batch, ProcessKey parent, int pid, ulong startNs, ulong timeNs, string image, string[] arguments, byte[]? commandLine, uint uid)
    {
        ref var record = ref batch.Add(EventKind.ProcessCreation);
        record.Key = new ProcessKey(startNs, pid);
        record.TimeNs = timeNs;
        record.Sequence = 77;
        record.ThreadId = pid;
        record.Flags = EventFlags.ArgumentsTruncated;
        var joined = commandLine ?? Encoding.UTF8.GetBytes(string.Join(' ', arguments));
        var ends = new List<int>();
        var at = -1;
        foreach (var argument in arguments) ends.Add(at += 1 + Encoding.UTF8.GetByteCount(argument));
        if (commandLine is not null) ends = [joined.Length];
        var offset = batch.Append(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(ends)));
        var detail = new ProcessDetail
        {
            ParentPid = parent.Pid, ParentStartNs = parent.StartNs, Uid = uid, EffectiveUid = uid, SavedUid = uid, FsUid = uid,
            Gid = uid, EffectiveGid = uid, SavedGid = uid, FsGid = uid, LoginUid = 1000, SessionId = 5, Tty = (136 << 20) | 3,
            NamespacePid = 12, CapabilitiesEffective = uid == 0 ? 1UL : 0, CapabilitiesPermitted = 1UL << 21, ImageInode = 99, ImageSize = 35_000,
            ImageMode = 0x81ED, ImageDevice = (8 << 20) | 1, ImageModifyNs = 1_700_000_000_000_000_000, ImageChangeNs = 1_700_000_000_000_000_001,
            PidNamespace = 4026531836, ArgumentEndsOffset = offset, ArgumentCount = ends.Count,
        };
        batch.SetDetail(detail);
        batch.AddText(Fields.Image, Encoding.UTF8.GetBytes(image));
        batch.AddText(Fields.CommandLine, joined);
        batch.AddText(Fields.CurrentDirectory, "/home/alice"u8);
        return detail;
    }

    private static ProcessNames Names(int pid, ProcessContext? parent, uint uid) => new(
        Digits(pid), parent is null ? [] : Digits(parent.Key.Pid), uid == 0 ? "root"u8.ToArray() : "alice"u8.ToArray(), "alice"u8.ToArray(),
        Digits((int)uid), "5"u8.ToArray(), Encoding.UTF8.GetBytes($"entity-{pid}"));

    private static byte[] Digits(int number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
