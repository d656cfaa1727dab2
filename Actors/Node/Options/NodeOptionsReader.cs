using System.Numerics;
using Picket.Detection.Context;
using Picket.Detection.Context.Ancestry;
using Picket.Detection.Context.Spill;
using Picket.Detection.Events;
using Picket.Detection.Export;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;
using Picket.Detection.Sigma.Pipelines;
using Picket.Hocon;
using Picket.Sensors;
using Picket.Sensors.Audit;
using Picket.Sensors.Ebpf;

namespace Picket.Node.Options;

/// <summary>Turns a configuration into options. The only place that knows the configuration's keys.</summary>
internal static class NodeOptionsReader
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>A timer of the runtime counts milliseconds in 32 bits: a little more than this.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    /// <summary>Reads all options.</summary>
    /// <exception cref="ConfigException">A value has the wrong type, unit or range; the message names its place.</exception>
    public static NodeOptions Read(Config config)
    {
        var root = new OptionsSection(config, "picket");
        var node = root.Section("node");
        var context = root.Section("context");
        var detection = root.Section("detection");
        var sigma = detection.Section("sigma");
        var self = root.Section("self");
        var name = node.Text("name", true);
        var shards = detection.Number("shards", 0, 64);
        var ledgerInterval = self.Duration("ledger-interval", TimeSpan.FromMilliseconds(10), Day);
        return new NodeOptions
        {
            Name = name.Length > 0 ? name : Environment.MachineName,
            DataDirectory = node.Path("data-dir"),
            DrainTimeout = node.Duration("drain-timeout", TimeSpan.Zero, TimeSpan.FromHours(1)),
            Guard = node.Switch("guard"),
            Nice = node.Number("nice", -20, 19),
            Store = StoreOptionsReader.Read(root.Section("store"), node.Path("data-dir")),
            BackOff = ReadBackOff(root.Section("sensors").Section("back-off")),
            Ebpf = ReadEbpf(root.Section("sensors").Section("ebpf")),
            Logs = LogsOptionsReader.Read(root.Section("sensors").Section("logs"), node.Path("data-dir"), ledgerInterval),
            Context = new ContextOptions(
                context.Duration("linger", TimeSpan.Zero, TimeSpan.FromHours(1)),
                context.Duration("story-linger", TimeSpan.Zero, Day)),
            Ancestry = ReadAncestry(context.Section("ancestry")),
            Spill = ReadSpill(context.Section("spill")),
            Hashes = HashOptionsReader.Read(context.Section("hashes")),
            Passwd = context.Path("passwd"),
            AuditRules = ReadAuditRules(root.Section("sensors").Section("audit")),
            Shards = shards > 0 ? shards : Math.Clamp(Environment.ProcessorCount, 1, 64),
            SigmaRules = sigma.Paths("rules"),
            SigmaLoading = new SigmaLoadOptions
            {
                RegexTimeLimit = sigma.Duration("regex-timeout", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
                Exclusions = sigma.Paths("exclusions"),
                Pipelines = sigma.PathsOr("pipelines", BundledPipelines.Contains),
            },
            Reload = ReadReload(sigma.Section("reload")),
            SigmaEngine = new SigmaEngineOptions
            {
                FailureLimit = sigma.Section("quarantine").Number("failures", 1, 1_000_000),
                FailureWindow = sigma.Section("quarantine").Duration("window", TimeSpan.FromMilliseconds(1), Day),
            },
            Correlation = ReadCorrelation(detection.Section("correlation")),
            CorrelationSaveInterval = detection.Section("correlation").Duration("save-interval", TimeSpan.FromMilliseconds(1), Day),
            Alerting = ReadAlerting(root.Section("alerts")),
            Export = ReadExport(root.Section("export").Section("file")),
            LedgerInterval = ledgerInterval,
            HeartbeatInterval = self.Duration("heartbeat-interval", TimeSpan.Zero, Day),
            WatchFiles = self.Switch("watch-files"),
            ConfigFiles = [.. config.Files.Select(Path.GetFullPath)],
        };
    }

    /// <summary>Reads a duration that was given on the command line.</summary>
    public static TimeSpan ReadDuration(string name, string text)
    {
        var value = Config.Empty.WithText("value", text, $"{name} {text}").GetTimeSpan("value", null, false);
        return value > TimeSpan.Zero && value <= LongestTimer
            ? value
            : throw new ConfigException(new ConfigOrigin($"{name} {text}", 0, 0),
                $"must be more than zero and at most {LongestTimer.TotalDays:0}d");
    }

    private static ReloadOptions ReadReload(OptionsSection section) => new(
        section.Switch("watch"),
        section.Duration("settle", TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
        section.Duration("poll", TimeSpan.Zero, Day));

    private static CorrelationOptions ReadCorrelation(OptionsSection section) => new()
    {
        MaxGroups = section.Number("max-groups", 1, 16 << 20),
        MaxEvents = section.Number("max-matches", 1, 65_536),
        MaxBytes = section.Size("max-size", 1 << 20, 16L << 30),
        Lateness = section.Duration("lateness", TimeSpan.Zero, Day),
    };

    private static BackOffOptions ReadBackOff(OptionsSection section)
    {
        var min = section.Duration("min", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        return new BackOffOptions(
            min,
            section.Duration("max", min, TimeSpan.FromHours(1)),
            section.Number("max-failures", 1, 1_000_000),
            section.Duration("window", TimeSpan.FromSeconds(1), Day));
    }

    private static List<AuditRule> ReadAuditRules(OptionsSection section)
    {
        var rules = new List<AuditRule>();
        foreach (var line in section.Texts("rules"))
        {
            try
            {
                rules.Add(AuditRule.Parse(line));
            }
            catch (FormatException e)
            {
                throw section.Wrong("rules", $"has the line '{line}': {e.Message}");
            }
        }

        return rules;
    }

    private static AncestryOptions ReadAncestry(OptionsSection section) => new(
        section.Duration("interval", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        section.Number("max-processes", 1, 1_000_000),
        section.Size("max-size", 64 * 1024, 1L << 30),
        section.Number("changes-per-snapshot", 1, 1_000_000));

    private static SpillOptions? ReadSpill(OptionsSection section)
    {
        var options = new SpillOptions(section.Size("max-size", 64L << 20, 1L << 40), section.Number("min-backlog", 1, 1_000_000));
        return section.Switch("enabled") ? options : null;
    }

    private static EbpfSettings? ReadEbpf(OptionsSection section)
    {
        var options = new EbpfSettings(
            section.Path("pin-path"),
            ReadRingSize(section),
            Enum.Parse<StopPolicy>(section.Choice("on-stop", "auto", "keep", "remove"), true),
            section.Duration("drain-interval", TimeSpan.FromMicroseconds(500), TimeSpan.FromMilliseconds(10)),
            section.Number("nice", -20, 19),
            section.Number("batches", 2, 4096),
            section.Number("batch-records", 16, 65_536),
            (int)section.Size("batch-bytes", 64 * 1024, 64 * 1024 * 1024),
            [.. EbpfOptions.Optional.Where(concern => section.Switch(concern.ToString().ToLowerInvariant()))],
            section.Switch("loopback"),
            section.Switch("local-names"));
        return section.Switch("enabled") ? options : null;
    }

    private static int ReadRingSize(OptionsSection section)
    {
        const long Min = 64 * 1024, Max = 1024 * 1024 * 1024, AutoMin = 4 * 1024 * 1024, AutoMax = 16 * 1024 * 1024;
        if (section.Text("ring-size") == "auto")
        {
            var share = (ulong)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024, AutoMin, AutoMax);
            return (int)(1UL << BitOperations.Log2(share));
        }

        var size = section.Size("ring-size", Min, Max);
        return BitOperations.IsPow2(size) ? (int)size : throw section.Wrong("ring-size", $"must be a power of two, not {size} bytes");
    }

    private static ExportOptions? ReadExport(OptionsSection section)
    {
        var kinds = new List<EventKind>();
        foreach (var name in section.Texts("kinds"))
        {
            if (name == "all") kinds.AddRange(ExportKinds.All);
            else if (ExportKinds.Find(name) is { } kind) kinds.Add(kind);
            else throw section.Wrong("kinds", $"has '{name}', which is none of all, {ExportKinds.List}");
        }

        var options = new ExportOptions
        {
            Path = section.Path("path"),
            Kinds = [.. kinds.Distinct()],
            GroupReadable = section.Switch("group-readable"),
            MaxFileBytes = section.Size("rotate-size", 4096, 1L << 40),
            MaxFiles = section.Number("rotate-count", 0, 9999),
        };
        if (!section.Switch("enabled")) return null;
        return kinds.Count > 0 ? options : throw section.Wrong("kinds", "must name at least one kind");
    }

    private static AlertingOptions ReadAlerting(OptionsSection section)
    {
        const long GiB = 1L << 30;
        var outbox = section.Section("outbox");
        var file = section.Section("file");
        var policy = section.Section("policy");
        var path = file.Path("path");
        return new AlertingOptions(
            outbox.Size("max-size", 1024 * 1024, 1024 * GiB),
            outbox.Choice("sync", "none", "interval", "each"),
            outbox.Duration("sync-interval", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)),
            file.Switch("enabled") ? path : null,
            file.Switch("group-readable"),
            file.Size("rotate-size", 4096, 1024 * GiB),
            file.Number("rotate-count", 1, 10_000),
            section.Section("console").Switch("enabled"),
            policy.Duration("suppress-window", TimeSpan.Zero, Day),
            policy.Number("rate-limit", 0, 1_000_000_000));
    }
}
