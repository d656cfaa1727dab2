using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>ECS <c>log.*</c> of a line, and the process that an audit record is about.</summary>
internal static class LogRecordFields
{
    internal static void Write(EcsWriter writer, in EventView view)
    {
        if (view.Source.Log is not { } log) return;
        writer.Begin("log");
        writer.Begin("file");
        writer.Text("path", log);
        writer.End();
        writer.Begin("syslog");
        writer.Text("appname", view.First(LogFields.Program).Text);
        writer.Text("hostname", view.First(LogFields.Host).Text);
        if (view.Record.Kind == EventKind.LogLine) writer.Text("procid", view.First(LogFields.Pid).Text);
        WriteName(writer, "facility", view.First(LogFields.Facility).Text);
        WriteName(writer, "severity", view.First(LogFields.Severity).Text);
        writer.End();
        writer.End();
    }

    /// <summary>What an audit record without a process context says of its process. A line's pid is only its writer's word.</summary>
    internal static void WriteProcess(EcsWriter writer, in EventView view)
    {
        writer.Begin("process");
        WriteNumber(writer, "pid", view.First(LogFields.Pid));
        writer.Text("executable", view.First(LogFields.Exe).Text);
        writer.Text("name", PathName.NameOf(view.First(LogFields.Exe).Text));
        writer.Begin("thread");
        writer.Text("name", view.First(LogFields.Comm).Text);
        writer.End();
        writer.Begin("parent");
        WriteNumber(writer, "pid", view.First(LogFields.ParentPid));
        writer.End();
        WriteId(writer, "user", view.First(LogFields.EffectiveUid).Text);
        WriteId(writer, "real_user", view.First(LogFields.Uid).Text);
        writer.End();
    }

    private static void WriteNumber(EcsWriter writer, string name, FieldValue value)
    {
        if (FieldNumber.TryRead(value, out var number)) writer.Number(name, number);
    }

    private static void WriteId(EcsWriter writer, string name, ReadOnlySpan<byte> id)
    {
        writer.Begin(name);
        writer.Text("id", id);
        writer.End();
    }

    private static void WriteName(EcsWriter writer, string field, ReadOnlySpan<byte> name)
    {
        writer.Begin(field);
        writer.Text("name", name);
        writer.End();
    }
}
