namespace Picket.Sensors.Ebpf.Native;

/// <summary>What the kernel says of a link (struct bpf_link_info in its bpf.h).</summary>
/// <param name="Type">Its type (enum bpf_link_type).</param>
/// <param name="Id">Its number.</param>
/// <param name="ProgramId">The number of the program that it runs.</param>
/// <param name="Place">Of a link to a control group: the group, 0 when it was detached. Of others something else.</param>
internal readonly record struct BpfLinkInfo(uint Type, uint Id, uint ProgramId, ulong Place)
{
    private const uint Cgroup = 3;

    /// <summary>Whether the link was detached from its control group; links of other types cannot be while somebody holds them.</summary>
    public bool IsDetached => Type == Cgroup && Place == 0;
}
