using System.Text;
using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>ECS <c>host.*</c> and <c>agent.*</c>.</summary>
internal static class HostFields
{
    private static readonly FieldId[] RecordHost = [FieldTable.Intern("Computer"), FieldTable.Intern("Hostname"),
        FieldTable.Intern("host")];

    /// <summary>This host.</summary>
    internal static void WriteOwn(EcsWriter writer, HostFacts host, Related related)
    {
        writer.Begin("host");
        writer.Text("name", host.Name);
        writer.Text("hostname", host.Hostname);
        writer.Text("id", host.Id);
        writer.Text("architecture", host.Architecture);
        writer.Begin("boot");
        writer.Text("id", host.BootId);
        writer.End();
        writer.Begin("os");
        writer.Text("type", host.OsType);
        writer.Text("name", host.OsName);
        writer.Text("full", host.OsFull);
        writer.Text("family", host.OsFamily);
        writer.Text("version", host.OsVersion);
        writer.Text("kernel", host.OsKernel);
        writer.End();
        writer.End();
        related.Host(host.Name);
    }

    /// <summary>The host that a replayed record names: ours has nothing to do with it.</summary>
    internal static void WriteRecorded(EcsWriter writer, in EventView view, Related related)
    {
        foreach (var field in RecordHost)
        {
            var name = view.First(field).Text;
            if (name.IsEmpty) continue;
            writer.Begin("host");
            writer.Text("name", name);
            writer.Text("hostname", name);
            writer.End();
            related.Host(Encoding.UTF8.GetString(name));
            return;
        }
    }

    internal static void WriteAgent(EcsWriter writer, AlertOptions options)
    {
        writer.Begin("agent");
        writer.Text("type", "picket");
        writer.Text("version", options.AgentVersion);
        writer.Text("id", options.AgentId);
        writer.Text("name", options.AgentName);
        writer.End();
    }
}
