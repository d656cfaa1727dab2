using System.Text;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>ECS <c>container.*</c> out of a control group's path.</summary>
internal static class ContainerFields
{
    private const int IdLength = 64;

    internal static void Write(EcsWriter writer, ReadOnlySpan<byte> cgroup)
    {
        if (!TryFind(cgroup, out var id, out var runtime)) return;
        writer.Begin("container");
        writer.Text("id", id);
        writer.Text("runtime", runtime);
        writer.End();
    }

    /// <summary>
    /// The last part of the path that holds a container id: 64 hexadecimal digits, alone (<c>/docker/ID</c>, <c>/kubepods/../ID</c>)
    /// or in a unit's name (<c>docker-ID.scope</c>, <c>cri-containerd-ID.scope</c>, <c>libpod-ID.scope</c>).
    /// </summary>
    internal static bool TryFind(ReadOnlySpan<byte> cgroup, out ReadOnlySpan<byte> id, out string? runtime)
    {
        while (!cgroup.IsEmpty)
        {
            var slash = cgroup.LastIndexOf((byte)'/');
            var part = cgroup[(slash + 1)..];
            var before = cgroup[..Math.Max(0, slash)];
            if (TryPart(part, out id, out var prefix))
            {
                runtime = RuntimeOf(prefix.IsEmpty ? PathName.NameOf(before) : prefix);
                return true;
            }

            cgroup = before;
        }

        id = default;
        runtime = null;
        return false;
    }

    private static bool TryPart(ReadOnlySpan<byte> part, out ReadOnlySpan<byte> id, out ReadOnlySpan<byte> prefix)
    {
        if (part.EndsWith(".scope"u8)) part = part[..^6];
        id = default;
        prefix = default;
        if (part.Length < IdLength) return false;
        var digits = part[^IdLength..];
        foreach (var digit in digits)
        {
            if (digit is not ((>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f'))) return false;
        }

        prefix = part[..^IdLength];
        if (!prefix.IsEmpty && prefix[^1] != (byte)'-') return false;
        if (!prefix.IsEmpty) prefix = prefix[..^1];
        id = digits;
        return true;
    }

    private static string? RuntimeOf(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name) switch
    {
        "docker" => "docker",
        "libpod" or "libpod_parent" or "libpod-payload" => "podman",
        "cri-containerd" or "containerd" => "containerd",
        "crio" => "cri-o",
        _ => null,
    };
}
