using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>What a system call was about, for which ECS has no fields: under <c>picket.call</c> and <c>picket.target</c>.</summary>
internal static class CallSubject
{
    private static readonly (FieldId Field, string Name)[] Named =
    [
        (CallFields.SystemCall, "name"), (CallFields.Entry, "entry"), (CallFields.Result, "result"), (CallFields.Request, "request"),
        (CallFields.Flags, "flags"), (CallFields.Namespaces, "namespaces"), (CallFields.Signal, "signal"),
        (CallFields.ImageLoaded, "image_loaded"), (CallFields.ModuleName, "module_name"), (CallFields.Parameters, "parameters"),
        (CallFields.ObjectType, "object_type"), (CallFields.ObjectName, "object_name"), (CallFields.MountSource, "mount_source"),
        (CallFields.MountTarget, "mount_target"), (CallFields.MountType, "mount_type"), (CallFields.NewRoot, "new_root"),
        (CallFields.OldRoot, "old_root"), (CallFields.NewName, "new_name"), (CallFields.OldName, "old_name"),
    ];

    internal static void Write(EcsWriter writer, in EventView view)
    {
        ref readonly var record = ref view.Record;
        writer.Text("executed_from", view.First(CallFields.Provenance).Text);
        if (record.Kind is EventKind.AuditRecord)
        {
            writer.Begin("audit");
            writer.Text("type", view.First(AuditFields.Type).Text);
            writer.Text("source", view.First(AuditFields.Source).Text);
            writer.Text("call", view.First(AuditFields.SyscallName).Text);
            writer.Text("path", view.First(AuditFields.Name).Text);
            writer.Text("key", view.First(AuditFields.Key).Text);
            writer.End();
        }

        if (record.Kind is < EventKind.SetId or > EventKind.Call) return;
        writer.Begin("call");
        foreach (var (field, name) in Named) writer.Text(name, view.First(field).Text);
        writer.End();
        if (record.Target.IsNone) return;
        writer.Begin("target");
        writer.Number("pid", record.Target.Pid);
        writer.Text("entity_id", view.First(CallFields.TargetProcessGuid).Text);
        writer.Text("executable", view.First(CallFields.TargetImage).Text);
        writer.Text("command_line", view.First(CallFields.TargetCommandLine).Text);
        writer.Text("user", view.First(CallFields.TargetUser).Text);
        if (record.Target.StartNs != 0) writer.Time("start", (long)record.Target.StartNs + view.Source.ClockOffsetNs);
        writer.Flag("is_sensor", !view.First(CallFields.TargetIsSensor).Text.IsEmpty);
        writer.Flag("is_guard", !view.First(CallFields.TargetIsGuard).Text.IsEmpty);
        writer.End();
    }
}
