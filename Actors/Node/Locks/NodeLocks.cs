using Picket.Node.Options;

namespace Picket.Node.Locks;

/// <summary>The locks that a node takes, by the files and folders that stand for them.</summary>
internal static class NodeLocks
{
    /// <summary>Those that are there already; a file that is made later had no holder.</summary>
    public static IEnumerable<string> Of(NodeOptions options)
    {
        if (options.Ebpf is { } ebpf) yield return ebpf.PinPath;
        yield return Path.Combine(options.DataDirectory, "outbox", "lock");
        yield return Path.Combine(options.DataDirectory, "processes", "lock");
        var spill = Path.Combine(options.DataDirectory, "spill");
        if (Directory.Exists(spill))
        {
            foreach (var lane in Directory.GetDirectories(spill)) yield return Path.Combine(lane, "lock");
        }

        if (options.Store.Sqlite is { } store) yield return store.Path + ".lock";
        if (options.Alerting.File is { } alerts) yield return alerts + ".lock";
        if (options.Export is { } export) yield return export.Path + ".lock";
    }
}
