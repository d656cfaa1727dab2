using System.Text;
using Picket.Detection.Context;
using Picket.Detection.Context.Containers;
using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>ECS <c>container.*</c> and, in Kubernetes, the pod as <c>orchestrator.resource.*</c>.</summary>
internal static class ContainerFields
{
    internal static void Write(EcsWriter writer, in EventView view)
    {
        var container = (view.Context as ProcessContext)?.Program.Container;
        var path = view.First(Fields.CgroupPath).Text;
        if (container is null && !path.IsEmpty) container = ContainerPath.Find(Encoding.UTF8.GetString(path));
        if (container is null) return;
        writer.Begin("container");
        writer.Text("id", container.Id);
        writer.Text("runtime", container.Runtime);
        writer.End();
        if (container.PodUid.IsEmpty) return;
        writer.Begin("orchestrator");
        writer.Text("type", "kubernetes");
        writer.Begin("resource");
        writer.Text("type", "pod");
        writer.Text("id", container.PodUid);
        writer.End();
        writer.End();
    }
}
