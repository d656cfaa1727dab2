using System.Globalization;
using System.Runtime.Versioning;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>A control group of a test's own in each tree that can freeze: version 2's, and version 1's freezer where it is mounted.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FreezableGroups : IDisposable
{
    private readonly List<Group> _groups = [];
    private readonly string? _mounted;

    public FreezableGroups()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"picket-spec-{Environment.ProcessId}-{TimeProvider.System.GetTimestamp()}");
        var mounts = File.ReadAllLines("/proc/self/mounts").Select(line => line.Split(' ')).ToList();
        var second = mounts.FirstOrDefault(mount => mount[2] == "cgroup2")?[1];
        if (second is null)
        {
            _mounted = Directory.CreateTempSubdirectory("picket-cgroup-").FullName;
            using var probe = new Probe();
            if (probe.Shell($"mount -t cgroup2 none {_mounted}").Code == 0) second = _mounted;
        }

        var first = mounts.FirstOrDefault(mount => mount[2] == "cgroup" && mount[3].Split(',').Contains("freezer"))?[1];
        Add(second, "cgroup.freeze", "1", "0");
        Add(first, "freezer.state", "FROZEN", "THAWED");
    }

    /// <summary>The group's name, the same in each tree.</summary>
    public string Name { get; }

    public IReadOnlyList<Group> All => _groups;

    public void Dispose()
    {
        foreach (var group in _groups)
        {
            group.Thaw();
            Directory.Delete(group.Folder);
        }

        if (_mounted is null) return;
        using (var probe = new Probe()) probe.Shell($"umount {_mounted}");
        Directory.Delete(_mounted);
    }

    private void Add(string? mount, string file, string frozen, string thawed)
    {
        if (mount is null) return;
        var group = new Group(Path.Combine(mount, Name), file, frozen, thawed);
        try
        {
            Directory.CreateDirectory(group.Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }

        if (File.Exists(Path.Combine(group.Folder, file))) _groups.Add(group);
        else Directory.Delete(group.Folder);
    }

    /// <summary>One group.</summary>
    internal sealed record Group(string Folder, string File, string Frozen, string Thawed)
    {
        public void Freeze() => System.IO.File.WriteAllText(Path.Combine(Folder, File), Frozen);

        public void Thaw() => System.IO.File.WriteAllText(Path.Combine(Folder, File), Thawed);
    }
}
