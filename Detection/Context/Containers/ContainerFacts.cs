using System.Text;

namespace Picket.Detection.Context.Containers;

/// <summary>The container that a process runs in.</summary>
public sealed class ContainerFacts
{
    private readonly byte[] _id;
    private readonly byte[] _runtime;
    private readonly byte[] _podUid;

    internal ContainerFacts(string id, string runtime, string podUid)
    {
        _id = Encoding.UTF8.GetBytes(id);
        _runtime = Encoding.UTF8.GetBytes(runtime);
        _podUid = Encoding.UTF8.GetBytes(podUid);
    }

    /// <summary>The runtime's id, mostly 64 hexadecimal digits; the name where the runtime has no other.</summary>
    public ReadOnlySpan<byte> Id => _id;

    /// <summary>
    /// <c>docker</c>, <c>containerd</c>, <c>cri-o</c>, <c>podman</c>, <c>lxc</c> or <c>systemd-nspawn</c>; empty where the path does
    /// not say.
    /// </summary>
    public ReadOnlySpan<byte> Runtime => _runtime;

    /// <summary>The uid of the Kubernetes pod, with dashes as Kubernetes writes it; empty outside of one.</summary>
    public ReadOnlySpan<byte> PodUid => _podUid;
}
