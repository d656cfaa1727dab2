using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Detection.Events.Journal;
using Picket.Node.Guard;
using Picket.Spec.Cli;

namespace Picket.Spec.Guard;

[SupportedOSPlatform("linux")]
public sealed class GuardPartsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("picket-guard-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData("/var/lib/a\nb/alerts.ndjson", true, false)]
    [InlineData(null, false, true)]
    public void What_the_node_tells_arrives(string? file, bool group, bool console)
    {
        var setup = new GuardSetup(4711, "häst", file, group, console);
        Assert.Equal(setup, GuardSetup.Read(setup.ToText()));
    }

    [Fact]
    public void What_a_person_types_is_no_setup()
    {
        foreach (var text in (string?[])[null, "", "hello world, who is there?", "aGVsbG8gd29ybGQsIHdobyBpcyB0aGVyZT8="]) Assert.Null(GuardSetup.Read(text));
    }

    [Fact]
    public async Task Started_by_hand_it_says_who_starts_it()
    {
        var by = await Cli.Cli.RunFromShellAsync("\"$0\" guard </dev/null");
        by.IsRefused(2, "a guard is started by the node");
        Assert.DoesNotContain("guard", (await Cli.Cli.RunAsync("--help")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_alert_is_a_whole_line_of_the_nodes_own_form_behind_what_is_there()
    {
        var file = Path.Combine(_folder, "alerts.ndjson");
        File.WriteAllText(file, "{\"first\":1}\n");
        var voice = new GuardVoice(new GuardSetup(4711, "host", file, false, false), TimeProvider.System);
        voice.Say(GuardNotices.Silent(4711, DateTimeOffset.UnixEpoch, 'S', "/sys.slice"));
        voice.Say(GuardNotices.Ended(4711, DateTimeOffset.UnixEpoch, "killed by signal 9 (SIGKILL)"));
        var lines = File.ReadAllLines(file);
        Assert.Equal("{\"first\":1}", lines[0]);
        Assert.Equal(3, lines.Length);
        using var alert = JsonDocument.Parse(lines[1]);
        Assert.Equal("picket.node-silent", alert.RootElement.GetProperty("rule").GetProperty("id").GetString());
        Assert.Equal("host", alert.RootElement.GetProperty("host").GetProperty("name").GetString());
        var notice = alert.RootElement.GetProperty("picket").GetProperty("notice");
        Assert.Equal(("guard", "frozen", "/sys.slice", 4711),
            (notice.GetProperty("noticed-by").GetString(), notice.GetProperty("how").GetString(), notice.GetProperty("control-group").GetString(), notice.GetProperty("node-pid").GetInt32()));
        Assert.StartsWith("the node's process 4711 gives no sign of life: its control group /sys.slice is frozen, as its guard noticed; it was last heard of at 1970-01-01T00:00:00.000Z",
            alert.RootElement.GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(true, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead)]
    public void A_file_that_it_has_to_make_is_for_nobody_else(bool group, UnixFileMode mode)
    {
        var file = Path.Combine(_folder, "new.ndjson");
        new GuardVoice(new GuardSetup(1, "host", file, group, false), TimeProvider.System).Say(GuardNotices.Halted(1, DateTimeOffset.UnixEpoch, null));
        Assert.Equal(mode, File.GetUnixFileMode(file));
        var link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, file);
        Assert.NotEqual(0, GuardCalls.AppendTo(link, 0x180, "x\n"u8));
        Assert.Single(File.ReadAllLines(file));
    }

    [Fact]
    public void A_writer_that_only_appends_never_writes_over_what_another_appended_after_its_look()
    {
        var file = Path.Combine(_folder, "shared");
        using var ours = DiskFileSpace.Instance.TryCreate(file, false)!;
        ours.AppendOnly();
        ours.Write(0, "one\n"u8);
        var length = ours.Length;
        Assert.Equal(0, GuardCalls.AppendTo(file, 0x180, "the guard\n"u8));
        ours.Write(length, "two\n"u8);
        Assert.Equal(["one", "the guard", "two"], File.ReadAllLines(file));
    }

    [Fact]
    public void The_frozen_group_is_found_in_either_tree()
    {
        var (first, second) = (Path.Combine(_folder, "v1"), Path.Combine(_folder, "v2"));
        foreach (var place in (string[])["proc/7", "proc/self", "v1/a", "v2/b"]) Directory.CreateDirectory(Path.Combine(_folder, place));
        Write("proc/7/cgroup", "5:cpu,cpuacct:/c\n4:freezer:/a\n1:name=systemd:/d\n0::/b\n");
        Write("proc/self/mountinfo", $"""
            30 1 0:25 / /elsewhere rw - cgroup cgroup rw,cpu,cpuacct
            31 1 0:26 /inner /bound rw - cgroup2 cgroup2 rw
            32 1 0:27 / {first} rw,nosuid shared:1 - cgroup cgroup rw,freezer
            33 1 0:28 / {second} rw - cgroup2 cgroup2 rw

            """);
        var groups = new ControlGroups(Path.Combine(_folder, "proc"));
        Assert.Null(groups.FrozenGroupOf(7));
        Write("v2/b/cgroup.events", "populated 1\nfrozen 0\n");
        Write("v1/a/freezer.state", "THAWED\n");
        Assert.Null(groups.FrozenGroupOf(7));
        Write("v2/b/cgroup.events", "populated 1\nfrozen 1\n");
        Assert.Equal("/b", groups.FrozenGroupOf(7));
        Write("v1/a/freezer.state", "FROZEN\n");
        Assert.Equal("/a", groups.FrozenGroupOf(7));

        void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
    }

    [Fact]
    public void A_process_is_seen_to_be_stopped_traced_by_nobody_and_killed()
    {
        using var sleeper = System.Diagnostics.Process.Start("sleep", "60");
        using var seen = new NodeProcess(sleeper.Id);
        Until(() => seen.State == 'S');
        RunningNode.Signal(sleeper.Id, RunningNode.SigStop);
        Until(() => seen.State == 'T');
        Assert.Null(seen.Tracer);
        RunningNode.Signal(sleeper.Id, RunningNode.SigKill);
        sleeper.WaitForExit();
        Assert.Equal('\0', seen.State);
        Assert.Equal(Environment.OSVersion.Version >= new Version(6, 15) ? "killed by signal 9 (SIGKILL)" : "", seen.Ending());

        static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(10)), "waited 10 s for the process's state");
    }
}
