using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Node.Demo;
using Picket.Node.Hosting;
using Picket.Node.Options;
using Picket.Node.Tree;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Native;
using Picket.Spec.Context.Hashing;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>
/// A whole node on the real kernel, inside the test's process, with folders and pins of its own. Its users belong to
/// <see cref="LiveCollection"/>. It sees every process of the host: look only at those that the test started.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LiveNode : IAsyncDisposable
{
    /// <summary>Of the clock that dates files, in nanoseconds.</summary>
    private const long SeveralTicks = 30_000_000;

    private static readonly TimeSpan AlertTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(2);
    private static int _made;

    private readonly Lock _gate = new();
    private readonly List<JsonElement> _alerts = [];
    private readonly AlertTail _tail;
    private readonly string _pins;
    private NodeHost? _host;
    private bool _stopped;

    private LiveNode()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");
        _pins = $"/sys/fs/bpf/picket-spec-{name}";
        Folder = $"/tmp/picket-live-{name}";
        Directory.CreateDirectory(Folder, (UnixFileMode)0b111_101_101);
        _tail = new AlertTail(AlertsFile);
    }

    /// <summary>The node.</summary>
    public NodeHost Host => _host!;

    /// <summary>What it wrote to its log.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Log { get; } = new();

    /// <summary>A private folder, one level below /tmp. Tools lie in it, the node's own files in <c>state</c> below it.</summary>
    public string Folder { get; }

    public string AlertsFile => Path.Combine(Folder, "state", "alerts.ndjson");

    /// <summary>Starts a node; skips the calling test where the kernel programs cannot be loaded.</summary>
    /// <param name="rules">Folder or file with rules; the bundled ones when null.</param>
    /// <param name="replace">Puts parts of the test's own into the tree.</param>
    /// <param name="overrides"><c>key=value</c> each, as after <c>-o</c>. Without one there is no guard, which would watch the tests' process.</param>
    public static async Task<LiveNode> StartAsync(string? rules = null, Func<NodeParts, NodeParts>? replace = null, params string[] overrides) =>
        await StartAsync(TimeProvider.System, rules, replace, overrides);

    /// <summary>As above, on another clock.</summary>
    public static async Task<LiveNode> StartAsync(TimeProvider time, string? rules, Func<NodeParts, NodeParts>? replace, params string[] overrides)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the kernel programs are for Linux");
        var objects = KernelObjects.Folder;
        var node = new LiveNode();
        try
        {
            string[] own =
            [
                $"node.data-dir={node.Folder}/state/node", $"sensors.ebpf.pin-path={node._pins}", $"alerts.file.path={node.AlertsFile}",
                "alerts.console.enabled=false", "node.guard=false",
            ];
            var options = NodeOptionsReader.Read(NodeConfig.Load(null, [.. own, .. overrides]).Config);
            options = options with { SigmaRules = [rules ?? Path.Combine(Corpora.Root, "config", "rules", "sigma")] };
            if (options.Ebpf is { } ebpf)
            {
                var missing = HostRequirements.Check(new EbpfOptions(objects, ebpf.PinPath, ebpf.RingSize));
                Assert.SkipUnless(missing.Count == 0, $"the kernel programs cannot be loaded here: {string.Join("; ", missing.Select(part => part.What))}");
            }

            using var errors = new StringWriter();
            var loaded = RuleLoading.Load(options.SigmaRules, options.SigmaLoading, errors);
            Assert.Equal("", errors.ToString());
            node._host = await NodeHost.StartAsync(options, loaded, objects, null, time, replace, null, node.Log.Enqueue);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Executes a program that does nothing, under this name in <see cref="Folder"/>, to its end; returns its pid.</summary>
    public int Run(string name, params IEnumerable<string> arguments) => Spawn.Run(Tool(name), [name, .. arguments], null, Folder);

    /// <summary>The path of a static program that does nothing, under this name (which may have folders) in <see cref="Folder"/>.</summary>
    public string Tool(string name)
    {
        var path = Path.Combine(Folder, name);
        if (File.Exists(path)) return path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Probe.WriteStatic(path);

        // What runs within a tick of its last change has hashes that are not sure, and a flag that says so.
        var (clock, changed) = (path + ".clock", ExecutedFile.KeyOf(path).ChangeNs);
        Assert.True(SpinWait.SpinUntil(() => IsLater(clock, changed), TimeSpan.FromSeconds(20)), "the clock of the file system stands still");
        File.Delete(clock);
        return path;
    }

    private static bool IsLater(string probe, long changed)
    {
        File.WriteAllText(probe, "");
        return ExecutedFile.KeyOf(probe).ChangeNs > changed + SeveralTicks;
    }

    /// <summary>All alerts that have become readable so far, in their order.</summary>
    public IReadOnlyList<JsonElement> Alerts()
    {
        lock (_gate)
        {
            _alerts.AddRange(_tail.Read());
            return [.. _alerts];
        }
    }

    /// <summary>Waits for the first alert, earlier ones included, that fulfils the predicate.</summary>
    public async Task<JsonElement> AlertAsync(Func<JsonElement, bool> predicate, string what)
    {
        using var poll = new PeriodicTimer(Poll);
        var started = TimeProvider.System.GetTimestamp();
        for (var seen = 0; ;)
        {
            var alerts = Alerts();
            for (; seen < alerts.Count; seen++)
            {
                if (predicate(alerts[seen])) return alerts[seen];
            }

            if (TimeProvider.System.GetElapsedTime(started) > AlertTimeout)
            {
                Assert.Fail($"waited {AlertTimeout.TotalSeconds:0} s for {what}; there are {alerts.Count} other alerts; seen {Host.Counters.Seen} events, "
                    + $"matched {Host.Counters.Matched}, written {Host.Counters.Written}, lost {Host.Counters.Lost}; the last: {(alerts.Count > 0 ? alerts[^1].GetRawText() : "none")}");
            }

            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for the alert of this rule on this process.</summary>
    public Task<JsonElement> AlertAsync(string ruleId, int pid) => AlertAsync(alert => IsOf(alert, ruleId, pid), $"the alert of rule {ruleId} on process {pid}");

    public static bool IsOf(JsonElement alert, string ruleId, int pid) =>
        alert.TryGetProperty("process", out var process) && process.TryGetProperty("pid", out var number) && number.GetInt32() == pid
        && alert.GetProperty("rule").GetProperty("id").GetString() == ruleId;

    /// <summary>The numbers of the pinned links, as fdinfo writes them.</summary>
    public HashSet<string> Links()
    {
        var links = new HashSet<string>();
        foreach (var pin in Directory.EnumerateFiles(_pins))
        {
            using var fd = Bpf.TryOpen(pin)!;
            var info = File.ReadAllLines($"/proc/self/fdinfo/{fd.DangerousGetHandle()}");
            links.UnionWith(info.Where(line => line.StartsWith("link_id:", StringComparison.Ordinal)).Select(line => line[8..].Trim()));
        }

        return links;
    }

    /// <summary>Stops the node, drained; returns whether all that was under way arrived. Counters and alerts can still be read.</summary>
    public async Task<bool> StopAsync()
    {
        if (_host is null || _stopped) return true;
        _stopped = true;
        return await _host.StopAsync(removePins: true);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            _tail.Dispose();
            if (Directory.Exists(_pins))
            {
                foreach (var pin in Directory.EnumerateFiles(_pins)) File.Delete(pin);
                Directory.Delete(_pins);
            }

            Directory.Delete(Folder, recursive: true);
        }
    }
}
