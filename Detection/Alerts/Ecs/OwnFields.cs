using Picket.Detection.Context;
using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>What ECS has no fields for, under <c>picket.*</c>.</summary>
internal static class OwnFields
{
    private static readonly (EventFlags Flag, string Name)[] FlagNames =
    [
        (EventFlags.ArgumentsTruncated, "arguments_truncated"),
        (EventFlags.ImageTruncated, "image_truncated"),
        (EventFlags.DirectoryTruncated, "directory_truncated"),
        (EventFlags.ImageDeleted, "image_deleted"),
        (EventFlags.ImageInMemory, "image_in_memory"),
        (EventFlags.Script, "script"),
        (EventFlags.ArgumentsUnreadable, "arguments_unreadable"),
        (EventFlags.SetId, "set_id"),
        (EventFlags.CoreDumped, "core_dumped"),
        (EventFlags.Redelivered, "redelivered"),
        (EventFlags.OnSensor, "on_sensor"),
        (EventFlags.HashesLate, "hashes_late"),
        (EventFlags.ImageRemote, "image_remote"),
        (EventFlags.LineTruncated, "line_truncated"),
    ];

    internal static void Write(
        EcsWriter writer, in EventView view, IReadOnlyList<AlertMatch> matches, IReadOnlyList<StableId> events, long behindNs,
        Func<long>? lost)
    {
        writer.Texts("events", [.. events.Select(static id => id.ToString())]);
        WriteMatches(writer, matches);
        WriteProvenance(writer, view);
        writer.Texts("flags", Flags(view));
        if (view.Source.File is null && view.Record.TimeNs != 0) writer.Number("late_ms", Math.Max(0, behindNs / 1_000_000));
        if (lost is not null) writer.Number("lost", lost());
        WriteProcess(writer, view);
        FileFields.WriteOwn(writer, view);
        CallSubject.Write(writer, view);
        if (view.Context is ProcessContext context) WriteAncestry(writer, context, view.Source.ClockOffsetNs);
    }

    private static void WriteMatches(EcsWriter writer, IReadOnlyList<AlertMatch> matches)
    {
        if (matches.Count == 0) return;
        writer.BeginArray("matches");
        foreach (var match in matches)
        {
            if (!writer.BeginItem()) break;
            writer.Text("selection", match.Selection);
            writer.Text("field", match.Field);
            writer.Text("value", match.Value);
            writer.End();
        }

        writer.EndArray();
    }

    private static void WriteProvenance(EcsWriter writer, in EventView view)
    {
        writer.Begin("provenance");
        if (view.Source.File is { } file)
        {
            writer.Text("file", file);
            writer.Number("record", (long)Math.Min(view.Record.Sequence, long.MaxValue));
        }
        else
        {
            writer.Text("sensor", view.Source.Module);
            writer.Text("origin", view.Source.Origin);
            writer.Number("sequence", (long)Math.Min(view.Record.Sequence, long.MaxValue));
        }

        writer.Text("channel", view.First(Fields.Channel).Text);
        writer.End();
    }

    /// <summary>The record's flags and those of the program that the process executed earlier.</summary>
    private static List<string> Flags(in EventView view)
    {
        var flags = view.Record.Flags | ((view.Context as ProcessContext)?.Program.Flags ?? EventFlags.None);
        var names = new List<string>();
        foreach (var (flag, name) in FlagNames)
        {
            if ((flags & flag) != 0) names.Add(name);
        }

        if ((view.Context as ProcessContext)?.Program.Hashes is { IsUnsure: true }) names.Add("hashes_unsure");
        if (view.Record.TimeNs == 0) names.Add("time_unknown");
        return names;
    }

    private static void WriteProcess(EcsWriter writer, in EventView view)
    {
        writer.Begin("process");
        writer.Text("argv0", view.First(Fields.Argv0).Text);
        writer.Text("tty", view.First(Fields.Tty).Text);
        writer.Text("script", view.First(Fields.Script).Text);
        writer.Text("root_directory", view.First(Fields.RootDirectory).Text);
        writer.Text("cgroup", view.First(Fields.CgroupPath).Text);
        writer.Text("login_user", view.First(Fields.LoginUser).Text);
        writer.Text("session_id", view.First(Fields.TerminalSessionId).Text);
        writer.Text("ssh_connection", view.First(Fields.SshConnection).Text);
        if (ProcessFields.TryDetail(view, view.Context as ProcessContext, out var detail))
        {
            if (view.Record.Kind == EventKind.ProcessTermination && detail.ExitSignal != 0) writer.Number("exit_signal", detail.ExitSignal);
            WriteNamespaces(writer, detail);
        }

        writer.End();
    }

    private static void WriteNamespaces(EcsWriter writer, in ProcessDetail detail)
    {
        writer.Begin("namespaces");
        Number(writer, "pid", detail.PidNamespace);
        Number(writer, "mnt", detail.MountNamespace);
        Number(writer, "net", detail.NetNamespace);
        Number(writer, "user", detail.UserNamespace);
        Number(writer, "uts", detail.UtsNamespace);
        Number(writer, "ipc", detail.IpcNamespace);
        Number(writer, "cgroup", detail.CgroupNamespace);
        writer.End();

        static void Number(EcsWriter writer, string name, uint inode)
        {
            if (inode != 0) writer.Number(name, inode);
        }
    }

    private static void WriteAncestry(EcsWriter writer, ProcessContext context, long clockOffsetNs)
    {
        var at = context.Parent;
        if (at is null) return;
        writer.BeginArray("ancestry");
        for (var depth = 0; at is not null && depth < ProcessContext.MaxAncestors; depth++, at = at.Parent)
        {
            if (!writer.BeginItem()) break;
            writer.Text("entity_id", at.Names.EntityId);
            if (at.Key.Pid > 0) writer.Number("pid", at.Key.Pid);
            writer.Text("executable", at.Program.Executable);
            writer.Text("command_line", at.Program.CommandLine);
            writer.Text("user", at.User);
            if (at.Key.StartNs != 0) writer.Time("start", (long)at.Key.StartNs + clockOffsetNs);
            writer.End();
        }

        writer.EndArray();
    }
}
