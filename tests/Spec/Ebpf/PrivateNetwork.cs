using System.Diagnostics;
using System.Globalization;
using Picket.Detection.Events;

namespace Picket.Spec.Ebpf;

/// <summary>Runs programs in network namespaces of their own, with addresses that are no loopback ones and lead nowhere else.</summary>
internal static class PrivateNetwork
{
    public const string Four = "203.0.113.5", Six = "2001:db8::5";

    private const string Loopback = $"ip link set lo up && ip addr add {Four}/32 dev lo && ip addr add {Six}/128 dev lo nodad";

    /// <summary>A link whose other end swallows what is sent to 203.0.113.9.</summary>
    public const string Link = """
        ip link add v0 type veth peer name v1 && ip addr add 203.0.113.6/24 dev v0 && ip link set v0 up && ip link set v1 up
        ip neigh add 203.0.113.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent
        """;

    /// <summary>Runs shell lines in a new namespace; what they print as "NAME NUMBER" is returned, with the 32 bits of the namespace's inode as "net".</summary>
    public static Dictionary<string, int> Run(string lines)
    {
        var script = $"set -e\n{Loopback}\necho \"net $(readlink /proc/self/ns/net | tr -dc 0-9)\"\n{lines}";
        using var process = Process.Start(new ProcessStartInfo("unshare", ["-n", "bash", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"exit {process.ExitCode}: {error.Result}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .ToDictionary(parts => parts[0], parts => unchecked((int)uint.Parse(parts[1], CultureInfo.InvariantCulture)));
    }

    /// <summary>The events of one kind and process in a namespace.</summary>
    public static Func<SeenEvent, bool> Of(EventKind kind, int net, int pid) => e => e.Kind == kind && e.Key.Pid == pid
        && e[Fields.NetworkNamespace] == unchecked((uint)net).ToString(CultureInfo.InvariantCulture);
}
