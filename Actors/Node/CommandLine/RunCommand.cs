using System.CommandLine;
using Picket.Node.Hosting;
using Picket.Node.Locks;
using Picket.Node.Options;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Native;

namespace Picket.Node.CommandLine;

/// <summary><c>picket run</c>.</summary>
internal static class RunCommand
{
    /// <summary>What the line begins with that says that the node watches.</summary>
    public const string ReadyLine = "watching";

    public static Command Create()
    {
        var config = new Option<string>("--config")
        {
            Description = "The configuration file.",
            HelpName = "FILE",
        };
        var rules = new Option<string[]>("--rules")
        {
            Description = "A folder or file with Sigma rules, instead of the configured ones. May be repeated.",
            HelpName = "DIR",
        };
        var alerts = new Option<string>("--alerts")
        {
            Description = "The alert file, instead of the configured one.",
            HelpName = "FILE",
        };
        var events = new Option<string>("--events")
        {
            Description = "Write every event of the configured kinds (export.file.kinds) into this file as well.",
            HelpName = "FILE",
        };
        var duration = new Option<string>("--for")
        {
            Description = "Stop after this time, such as 30s or 5m.",
            HelpName = "DURATION",
        };
        var overrides = ConfigCommand.OverrideOption();
        var command = new Command("run", "Watches this host until it is stopped.") { config, rules, alerts, events, duration, overrides };
        command.SetAction((parsed, _) => RunAsync(
            Load(parsed.GetValue(config), parsed.GetValue(rules) ?? [], parsed.GetValue(alerts), parsed.GetValue(events),
                parsed.GetValue(overrides) ?? []),
            parsed.GetValue(duration) is { } text ? NodeOptionsReader.ReadDuration("--for", text) : null));
        return command;
    }

    private static NodeOptions Load(string? file, string[] rules, string? alerts, string? events, string[] overrides)
    {
        if (events is not null) overrides = [.. overrides, "export.file.enabled=true", $"export.file.path={Path.GetFullPath(events)}"];
        var config = NodeConfig.Load(file ?? NodeConfig.FindDefaultFile(), overrides).Config;
        if (TrustedPath.OpenProgram is { } open)
            Console.Error.WriteLine($"picket: rules and configuration are taken as they are: this program would be {open}");

        foreach (var read in config.Files)
        {
            if (TrustedPath.Check?.Invoke(read) is { } why) throw new UsageException($"{read}: {why}");
        }

        var options = NodeOptionsReader.Read(config);
        options = options with { SigmaLoading = options.SigmaLoading with { Refusal = TrustedPath.Check } };
        if (rules.Length > 0) options = options with { SigmaRules = [.. rules.Select(Path.GetFullPath)] };
        if (alerts is not null) options = options with { Alerting = options.Alerting with { File = Path.GetFullPath(alerts) } };
        return options;
    }

    private static async Task<int> RunAsync(NodeOptions options, TimeSpan? duration)
    {
        await using var output = new PatientWriter(Console.Out);
        if (OperatingSystem.IsLinux()) Libc.BeNiceAltogether(options.Nice);
        var objects = EbpfObjects.Folder;
        var missing = options.Ebpf is { } ebpf
            ? Missing(new EbpfOptions(objects, ebpf.PinPath, ebpf.RingSize), options.Logs is not null)
            : null;
        if (missing is not null) options = options with { Ebpf = null };
        var rules = RuleLoading.Load(options.SigmaRules, options.SigmaLoading, Console.Error);
        using var signals = new StopSignals();
        if (OperatingSystem.IsLinux() && !await PredecessorOf(options).AwaitEndAsync(signals.WaitAsync(null))) return ExitCodes.Done;
        NodeHost host;
        try
        {
            host = await NodeHost.StartAsync(options, rules, objects, options.Alerting.Console ? output : null, TimeProvider.System,
                null, missing, line => Console.Error.WriteLine($"picket: {line}"));
        }
        catch (BpfException e)
        {
            throw new MissingPartException(e.Message);
        }

        if (host.Missing is { } lacking) await Console.Error.WriteLineAsync($"picket: {lacking.Text}");
        await output.WriteLineAsync($"picket {VersionCommand.Version} on {options.Name}");
        await output.WriteAsync(TreePrinter.Print(host.System));
        var count = rules.Rules.Count(rule => !rule.IsCopy);
        await output.WriteLineAsync($"{count} Sigma rules; alerts go to {options.Alerting.File ?? "no file"}");
        if (host.Logs is { } logs) await output.WriteLineAsync(logs.Describe());
        await output.WriteLineAsync($"{ReadyLine}{(duration is { } limit ? $" for {limit.TotalSeconds:0.###} s" : "; Ctrl-C stops")}");
        signals.OnHangUp(() => host.ReloadRules("SIGHUP"));
        var byPerson = await signals.WaitAsync(duration);
        var remove = options.Ebpf?.OnStop switch { StopPolicy.Keep => false, StopPolicy.Remove => true, _ => byPerson };
        var drained = await host.StopAsync(remove);
        await output.WriteAsync(RunSummary.Of(host, drained, options, remove));
        return ExitCodes.Done;
    }

    /// <summary>A service manager starts the next node as soon as it has killed one.</summary>
    private static Predecessor PredecessorOf(NodeOptions options) => new(
        () => FileLocks.Look(NodeLocks.Of(options)), line => Console.Error.WriteLine($"picket: {line}"), TimeProvider.System);

    /// <summary>
    /// What the kernel's sensor lacks on this host, all at once; null when it can run. Without any other sensor there is nothing to run.
    /// </summary>
    private static MissingSensor? Missing(EbpfOptions options, bool others)
    {
        var missing = HostRequirements.Check(options);
        if (missing.Count == 0) return null;
        if (others) return MissingSensor.Of(missing);
        throw new MissingPartException("this host cannot be watched yet; it lacks\n"
            + string.Join('\n', missing.Select(part => $"picket:   {part.What}: {part.Remedy}")));
    }
}
