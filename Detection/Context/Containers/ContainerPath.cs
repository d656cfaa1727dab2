using System.Buffers;

namespace Picket.Detection.Context.Containers;

/// <summary>
/// Finds the container in a control group's path, as runtimes and their cgroup drivers write it. The innermost one counts; the monitors
/// that runtimes keep beside their containers (conmon, lxc.monitor, the supervisor of nspawn) are none.
/// </summary>
public static class ContainerPath
{
    private const int IdLength = 64;
    private const int ShortIdLength = 32;
    private const int UidLength = 36;

    private static readonly SearchValues<char> TaskDigits = SearchValues.Create("0123456789abcdef-");
    private static readonly SearchValues<char> UidDigits = SearchValues.Create("0123456789abcdef-_");
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    private static readonly Dictionary<string, string> Runtimes = new(StringComparer.Ordinal)
    {
        ["docker"] = "docker",
        ["cri-containerd"] = "containerd",
        ["containerd"] = "containerd",
        ["nerdctl"] = "containerd",
        ["default"] = "containerd",
        ["k8s.io"] = "containerd",
        ["moby"] = "docker",
        ["crio"] = "cri-o",
        ["libpod"] = "podman",
        ["libpod-payload"] = "podman",
        ["libpod_parent"] = "podman",
    };

    /// <summary>The container of a path below the hierarchy's root; null for a process of the host.</summary>
    public static ContainerFacts? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            var part = WithoutUnit(parts[i]);
            if (IsMonitor(part, parts, i)) return null;
            if (ById(part, i == 0 ? "" : parts[i - 1]) is { } found) return new ContainerFacts(found.Id, found.Runtime, PodOf(parts));
            if (ByName(part, parts, i) is { } named) return new ContainerFacts(named.Id, named.Runtime, PodOf(parts));
        }

        return null;
    }

    private static string WithoutUnit(string part) =>
        part.EndsWith(".scope", StringComparison.Ordinal) ? part[..^6]
            : part.EndsWith(".service", StringComparison.Ordinal) ? part[..^8]
            : part;

    private static bool IsMonitor(string part, string[] parts, int index)
    {
        if (part.StartsWith("lxc.monitor", StringComparison.Ordinal)) return true;
        if (index > 0 && part == "supervisor" && parts[index - 1].StartsWith("systemd-nspawn@", StringComparison.Ordinal)) return true;
        var id = IdAtEnd(part);
        return id > 0 && part[..id].TrimEnd('-').EndsWith("conmon", StringComparison.Ordinal);
    }

    /// <summary>64 hexadecimal digits, alone below the runtime's folder or behind its name and a dash or colon.</summary>
    private static (string Id, string Runtime)? ById(string part, string above)
    {
        var start = IdAtEnd(part);
        if (start < 0) return ById32(part, above);
        if (start == 0) return (part, Runtimes.GetValueOrDefault(above, IsTask(above) ? "docker" : ""));
        if (part[start - 1] is not ('-' or ':')) return null;
        var prefix = part[..(start - 1)];
        return (part[start..], Runtimes.GetValueOrDefault(prefix[(prefix.LastIndexOf(':') + 1)..], ""));
    }

    /// <summary>On Fargate: 32 digits, a dash and a number, below the task.</summary>
    private static (string Id, string Runtime)? ById32(string part, string above)
    {
        var dash = part.IndexOf('-', StringComparison.Ordinal);
        return dash == ShortIdLength && IsHex(part.AsSpan(0, dash)) && part.AsSpan(0, dash).SequenceEqual(above)
            ? (part, "containerd")
            : null;
    }

    private static bool IsTask(string part) =>
        part.Length is ShortIdLength or UidLength && !part.AsSpan().ContainsAnyExcept(TaskDigits);

    /// <summary>Runtimes that know names only.</summary>
    private static (string Id, string Runtime)? ByName(string part, string[] parts, int index)
    {
        const string Payload = "lxc.payload.", Machine = "machine-", Spawn = "systemd-nspawn@";
        if (part.StartsWith(Payload, StringComparison.Ordinal)) return (part[Payload.Length..], "lxc");
        if (index > 0 && parts[index - 1] is "lxc" or "lxc.payload") return (part, "lxc");
        if (part.StartsWith(Spawn, StringComparison.Ordinal)) return (Unescape(part[Spawn.Length..]), "systemd-nspawn");
        if (index == 0 || parts[index - 1] != "machine.slice" || !part.StartsWith(Machine, StringComparison.Ordinal)) return null;
        var machine = Unescape(part[Machine.Length..]);

        // libvirt registers its guests in the same place; a virtual machine's process is one of the host.
        return machine.StartsWith("qemu-", StringComparison.Ordinal) ? null
            : machine.StartsWith("lxc-", StringComparison.Ordinal) ? (machine, "lxc")
            : (machine, "systemd-nspawn");
    }

    private static string PodOf(string[] parts)
    {
        foreach (var part in parts)
        {
            var at = part.StartsWith("pod", StringComparison.Ordinal) ? 0 : part.IndexOf("-pod", StringComparison.Ordinal) + 1;
            if (at == 0 && !part.StartsWith("pod", StringComparison.Ordinal)) continue;
            var rest = part.AsSpan(at + 3);
            var end = rest.IndexOf('.');
            if (end < 0) end = rest.Length;
            if (rest.IndexOf(':') is >= 0 and var colon && colon < end) end = colon;
            rest = rest[..end];
            if (rest.Length == UidLength && !rest.ContainsAnyExcept(UidDigits)) return rest.ToString().Replace('_', '-');

            // A static pod's uid is the hash of its file.
            if (rest.Length == ShortIdLength && IsHex(rest)) return rest.ToString();
        }

        return "";
    }

    /// <summary>Where the 64 digits begin that a part ends with; -1 when it does not.</summary>
    private static int IdAtEnd(string part) =>
        part.Length >= IdLength && IsHex(part.AsSpan(part.Length - IdLength)) ? part.Length - IdLength : -1;

    private static bool IsHex(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(Hex);

    /// <summary>systemd writes a dash in a name as \x2d.</summary>
    private static string Unescape(string name) => name.Replace("\\x2d", "-", StringComparison.Ordinal);
}
