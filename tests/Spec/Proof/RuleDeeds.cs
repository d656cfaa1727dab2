using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Detection.Sigma;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Proof;

/// <summary>Does for each rule what it looks for, harmlessly: a program, a file, a connection, a system call or a line of a log.</summary>
[SupportedOSPlatform("linux")]
internal sealed class RuleDeeds(Stage stage, string folder)
{
    /// <summary>The words for the calls that calls.c makes.</summary>
    private static readonly Dictionary<string, string[]> Calls = new(StringComparer.Ordinal)
    {
        ["socket"] = ["alg"], ["connect"] = ["connect"], ["mknod"] = ["mknod", "/tmp/fifo"], ["sysinfo"] = ["sysinfo"], ["syslog"] = ["klog"],
    };

    /// <summary>What auditd's own rules, in the comments of Sigma's, give a key to: the program that is run, or the call that is made.</summary>
    private static readonly Dictionary<string, (string? Exe, string? Call)> Keys = new(StringComparer.Ordinal)
    {
        ["susp_activity"] = ("/usr/bin/wget", null), ["network_connect_4"] = (null, "connect"),
    };

    /// <summary>The file, of those that are watched, that a service's lines are in, and the program that writes them.</summary>
    private static readonly Dictionary<string, (string File, string Head)> Services = new(StringComparer.Ordinal)
    {
        [""] = ("syslog", "app[1]: "), ["syslog"] = ("syslog", "app[1]: "), ["cron"] = ("syslog", "crontab[1]: "),
        ["guacamole"] = ("syslog", "guacd[1]: "), ["auth"] = ("auth", "app[1]: "), ["sshd"] = ("auth", "sshd[1]: "),
        ["sudo"] = ("auth", "sudo:   bob : TTY=pts/0 ; PWD=/ ; "), ["vsftpd"] = ("vsftpd", ""), ["clamav"] = ("clamav", ""),
    };

    private readonly string _names = CProgram.Compile("names", folder);
    private int _number;

    /// <summary>The files that are to be watched, with their services.</summary>
    public static IReadOnlyList<string> Watched => [.. Services.Values.Select(one => one.File).Append("auditd").Distinct()];

    /// <summary>Does it; null where nothing that this knows how to do could make the rule fire.</summary>
    public Deed? Do(SigmaRule rule)
    {
        _number++;
        foreach (var texts in RuleTexts.Of(rule))
        {
            var deed = rule.LogSource switch
            {
                { Category: "process_creation" } => Execute(texts),
                { Category: "file_event" } => CreateFile(texts),
                { Category: "network_connection" } => Connect(texts),
                { Category: null, Service: "auditd" } => OfTheKernel(Audit(texts)),
                { Category: null, Service: var service } => Write(service ?? "", texts),
                _ => null,
            };
            if (deed is not null) return deed;
        }

        // What auditd alone reports is written as auditd writes it.
        return rule.LogSource is { Category: null, Service: "auditd" } ? RuleTexts.Of(rule).Select(WriteAudit).FirstOrDefault() : null;
    }

    private Deed? Execute(Dictionary<string, string> texts)
    {
        if (texts.Keys.Except(["Image", "CommandLine", "ParentImage", "ParentCommandLine", "CurrentDirectory", "User", "LogonId"]).Any()) return null;
        if (texts.GetValueOrDefault("User", "root") != "root" || texts.GetValueOrDefault("LogonId", "0") != "0") return null;
        var line = Words(texts.GetValueOrDefault("CommandLine"));
        var image = texts.GetValueOrDefault("Image", "/usr/bin/tool");
        if (line.Length == 0) line = [Path.GetFileName(image)];
        (string, string[])? parent = null;
        if (texts.ContainsKey("ParentImage") || texts.ContainsKey("ParentCommandLine"))
        {
            var above = texts.GetValueOrDefault("ParentImage", "/usr/sbin/above");
            parent = (above, texts.TryGetValue("ParentCommandLine", out var parents) ? Words(parents) : [Path.GetFileName(above)]);
        }

        return stage.Run(image, line, parent: parent, directory: texts.GetValueOrDefault("CurrentDirectory"));
    }

    private Deed? CreateFile(Dictionary<string, string> texts)
    {
        if (texts.Keys.Except(["Image", "TargetFilename"]).Any() || !texts.TryGetValue("TargetFilename", out var path)) return null;
        Directory.CreateDirectory(Path.GetDirectoryName(stage.Host(path))!);
        var image = texts.GetValueOrDefault("Image", "/usr/bin/touch");
        return stage.Run(image, [Path.GetFileName(image), "open", "wc", path], Stage.Role.Files);
    }

    private Deed? Connect(Dictionary<string, string> texts)
    {
        if (texts.Keys.Except(["Image", "DestinationHostname", "DestinationPort", "Initiated"]).Any()) return null;
        var image = $"{folder}/{_number.ToString(CultureInfo.InvariantCulture)}{texts.GetValueOrDefault("Image", "/usr/bin/visitor")}";
        Directory.CreateDirectory(Path.GetDirectoryName(image)!);
        File.Copy(_names, image);
        var (port, name) = (texts.GetValueOrDefault("DestinationPort", "5000"), texts.GetValueOrDefault("DestinationHostname", "harmless.test"));
        if (name.StartsWith('.')) name = "box" + name;
        var pid = PrivateNetwork.Run($"{image} visit 127.0.0.1 {port} {name}")["client"];
        return new Deed($"{image} to {name}:{port}", alert => IsOf(alert, pid, image));
    }

    private Deed? Audit(Dictionary<string, string> texts)
    {
        var type = texts.GetValueOrDefault("type", texts.Keys.Any(IsArgument) ? "EXECVE" : "SYSCALL").ToUpperInvariant();
        var others = texts.Keys.Where(field => field != "type" && !IsArgument(field)).ToList();
        if (type == "EXECVE" && others.All(field => field.Length == 0))
        {
            var last = texts.Keys.Where(IsArgument).Select(field => int.Parse(field[1..], CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
            string[] argv = [.. Enumerable.Range(0, last + 1).Select(i => texts.GetValueOrDefault($"a{i}", i == 0 ? "tool" : "x"))];
            if (texts.TryGetValue("", out var keywords)) argv = [.. argv, .. keywords.Split(' ')];
            return stage.Run("/usr/bin/" + Path.GetFileName(argv[0]), argv);
        }

        if (type == "PATH" && !others.Except(["name", "nametype"]).Any() && texts.TryGetValue("name", out var name))
            return texts.GetValueOrDefault("nametype") == "CREATE" ? CreateFile(new() { ["TargetFilename"] = name }) : stage.Run(name, [Path.GetFileName(name)]);
        return type == "SYSCALL" ? Call(texts, others) : null;
    }

    /// <summary>The record must be the one that is made of what the kernel's sensors saw.</summary>
    private static Deed? OfTheKernel(Deed? deed) => deed is null ? null : deed with
    {
        Answers = alert => deed.Answers(alert) && alert.GetProperty("picket").GetProperty("audit").GetProperty("source").GetString() == "kernel",
    };

    private Deed? Call(Dictionary<string, string> texts, List<string> others)
    {
        if (others.Except(["SYSCALL", "exe", "comm", "euid", "key"]).Any()) return null;
        var keyed = texts.TryGetValue("key", out var key) ? Keys.GetValueOrDefault(key) : default;
        var comm = texts.GetValueOrDefault("comm");
        var exe = texts.GetValueOrDefault("exe", keyed.Exe ?? $"/usr/bin/{comm ?? "caller"}");
        var uid = int.Parse(texts.GetValueOrDefault("euid", "0"), CultureInfo.InvariantCulture);
        var call = texts.GetValueOrDefault("SYSCALL", keyed.Call ?? "execve");
        var link = comm is null || comm == Path.GetFileName(exe) ? null : $"/usr/bin/{comm}";
        if (call is "execve") return stage.Run(exe, [Path.GetFileName(link ?? exe)], Stage.Role.Nothing, link, uid: uid);
        if (!Calls.TryGetValue(call, out var words)) return null;
        Directory.CreateDirectory(stage.Host("/tmp"));
        return stage.Run(exe, [Path.GetFileName(exe), .. words], Stage.Role.Calls, link, uid: uid);
    }

    private Deed Write(string service, Dictionary<string, string> texts)
    {
        var (file, head) = Services[service];
        var said = string.Join(" ; ", texts.Where(pair => pair.Key.Length > 0).Select(pair => $"{pair.Key}={pair.Value}").Append(texts.GetValueOrDefault("", "")).Where(text => text.Length > 0));
        var host = head.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"Mar  3 15:30:25 web{_number} ");
        return Append(file, host + head + said);
    }

    private Deed WriteAudit(Dictionary<string, string> texts) => Append("auditd", string.Create(CultureInfo.InvariantCulture,
        $"type={texts["type"]} msg=audit(1481076992.414:{_number}): ") + string.Join(' ', texts.Where(pair => pair.Key != "type").Select(pair => $"{pair.Key}=\"{pair.Value}\"")));

    private Deed Append(string file, string line)
    {
        File.AppendAllText(Path.Combine(folder, file + ".log"), line + "\n");
        return new Deed($"{file}: {line}", alert => alert.GetProperty("event").TryGetProperty("original", out var original) && original.GetString() == line);
    }

    private static bool IsOf(JsonElement alert, int pid, string image) => alert.TryGetProperty("process", out var process)
        && process.GetProperty("pid").GetInt32() == pid && process.GetProperty("executable").GetString() == image;

    private static bool IsArgument(string field) => field is ['a', >= '0' and <= '9', ..];

    private static string[] Words(string? line) => line is null ? [] : line.Split(' ');
}
