using System.Runtime.InteropServices;
using System.Text;
using Picket.Detection.Context;
using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>ECS <c>process.*</c> of an event: from its process context where it has one, else from the fields that it carries.</summary>
internal static class ProcessFields
{
    private static readonly FieldId OriginalFileName = FieldTable.Intern("OriginalFileName");
    private static readonly FieldId Company = FieldTable.Intern("Company");
    private static readonly FieldId Product = FieldTable.Intern("Product");
    private static readonly FieldId Description = FieldTable.Intern("Description");
    private static readonly FieldId FileVersion = FieldTable.Intern("FileVersion");

    internal static void Write(EcsWriter writer, in EventView view, Related related)
    {
        ref readonly var record = ref view.Record;
        var context = view.Context as ProcessContext;
        writer.Begin("process");
        writer.Text("entity_id", view.First(Fields.ProcessGuid).Text);
        WritePid(writer, record.Key.Pid, view.First(Fields.ProcessId));
        WriteProgram(writer, view.First(Fields.Image).Text, view.First(Fields.CommandLine).Text, view.First(Fields.CurrentDirectory).Text);
        WriteArguments(writer, view, context);
        WriteTimes(writer, view);
        if (TryDetail(view, context, out var detail)) WriteIdentity(writer, detail, view.First(Fields.User).Text);
        else UserFields.OfProcess(writer, view.First(Fields.User).Text);
        WriteThread(writer, view, detail);
        WriteEnvironment(writer, view);
        WriteHashes(writer, view, related);
        WriteParent(writer, view, context, related);
        writer.End();
        related.User(NameOnly(view.First(Fields.User).Text));
        related.User(NameOnly(view.First(Fields.ParentUser).Text));
        related.User(NameOnly(view.First(Fields.LoginUser).Text));
    }

    internal static bool TryDetail(in EventView view, ProcessContext? context, out ProcessDetail detail)
    {
        if (view.TryGetDetail(out detail)) return true;
        if (context is null) return false;
        detail = context.Detail;
        return true;
    }

    /// <summary>The program and its arguments, for a process, its parent and its ancestors alike.</summary>
    internal static void WriteProgram(EcsWriter writer, ReadOnlySpan<byte> executable, ReadOnlySpan<byte> commandLine,
        ReadOnlySpan<byte> directory)
    {
        writer.Text("executable", executable);
        writer.Text("name", PathName.NameOf(executable));
        writer.Text("command_line", commandLine);
        writer.Text("working_directory", directory);
    }

    private static void WritePid(EcsWriter writer, int pid, FieldValue text)
    {
        if (pid > 0) writer.Number("pid", pid);
        else if (FieldNumber.TryRead(text, out var number)) writer.Number("pid", number);
    }

    private static void WriteArguments(EcsWriter writer, in EventView view, ProcessContext? context)
    {
        if (context is not null && context.Program.ArgumentCount > 0)
        {
            WriteArguments(writer, context.Program);
            return;
        }

        if (!view.TryGetDetail(out var detail) || detail.ArgumentCount <= 0) return;
        var commandLine = view.First(Fields.CommandLine).Text;
        var ends = MemoryMarshal.Cast<byte, int>(view.Batch.Bytes(detail.ArgumentEndsOffset, detail.ArgumentCount * sizeof(int)));
        writer.BeginArray("args");
        for (var i = 0; i < ends.Length; i++) writer.Item(commandLine[(i == 0 ? 0 : ends[i - 1] + 1)..ends[i]]);
        writer.EndArray();
        writer.Number("args_count", ends.Length);
    }

    private static void WriteArguments(EcsWriter writer, ProgramImage program)
    {
        if (program.ArgumentCount == 0) return;
        writer.BeginArray("args");
        for (var i = 0; i < program.ArgumentCount; i++) writer.Item(program.Argument(i));
        writer.EndArray();
        writer.Number("args_count", program.ArgumentCount);
    }

    private static void WriteTimes(EcsWriter writer, in EventView view)
    {
        ref readonly var record = ref view.Record;
        if (record.Key.StartNs != 0) writer.Time("start", (long)record.Key.StartNs + view.Source.ClockOffsetNs);
        if (record.Kind != EventKind.ProcessTermination) return;
        if (record.TimeNs != 0) writer.Time("end", (long)record.TimeNs + view.Source.ClockOffsetNs);
        if (view.TryGetDetail(out var detail)) writer.Number("exit_code", detail.ExitCode);
        else if (FieldNumber.TryRead(view.First(Fields.ExitCode), out var code)) writer.Number("exit_code", code);
    }

    private static void WriteIdentity(EcsWriter writer, in ProcessDetail detail, ReadOnlySpan<byte> user)
    {
        UserFields.Numbered(writer, "user", detail.EffectiveUid, user);
        UserFields.Numbered(writer, "real_user", detail.Uid, detail.Uid == detail.EffectiveUid ? user : default);
        UserFields.Numbered(writer, "saved_user", detail.SavedUid, detail.SavedUid == detail.EffectiveUid ? user : default);
        UserFields.Numbered(writer, "group", detail.EffectiveGid, default);
        UserFields.Numbered(writer, "real_group", detail.Gid, default);
        UserFields.Numbered(writer, "saved_group", detail.SavedGid, default);
        if (detail.NamespacePid > 0) writer.Number("vpid", detail.NamespacePid);
        writer.Flag("interactive", detail.Tty != 0);
        if (detail.Tty == 0) return;
        writer.Begin("tty");
        writer.Begin("char_device");
        writer.Number("major", detail.Tty >> 20);
        writer.Number("minor", detail.Tty & 0xFFFFF);
        writer.End();
        writer.End();
    }

    private static void WriteThread(EcsWriter writer, in EventView view, in ProcessDetail detail)
    {
        writer.Begin("thread");
        if (view.Record.ThreadId > 0) writer.Number("id", view.Record.ThreadId);
        writer.Text("name", view.First(Fields.ThreadName).Text);
        writer.Begin("capabilities");
        writer.Texts("effective", CapabilityTable.NamesOf(detail.CapabilitiesEffective));
        writer.Texts("permitted", CapabilityTable.NamesOf(detail.CapabilitiesPermitted));
        writer.End();
        writer.End();
    }

    private static void WriteEnvironment(EcsWriter writer, in EventView view)
    {
        var variables = new List<string>();
        Add(variables, "LD_PRELOAD", view.First(Fields.LdPreload));
        Add(variables, "LD_LIBRARY_PATH", view.First(Fields.LdLibraryPath));
        Add(variables, "LD_AUDIT", view.First(Fields.LdAudit));
        Add(variables, "SSH_CONNECTION", view.First(Fields.SshConnection));
        writer.Texts("env_vars", variables);

        static void Add(List<string> variables, string name, FieldValue value)
        {
            if (!value.Text.IsEmpty) variables.Add($"{name}={Encoding.UTF8.GetString(value.Text)}");
        }
    }

    private static void WriteHashes(EcsWriter writer, in EventView view, Related related)
    {
        var own = (view.Context as ProcessContext)?.Program.Hashes;
        var hashes = own is null ? view.First(Fields.Hashes).Text : own.Text;
        HashFields.Write(writer, Encoding.UTF8.GetString(hashes), related.Hashes, out var importHash);
        if (view.Record.RawLength == 0) return;
        writer.Begin("pe");
        writer.Text("imphash", importHash);
        writer.Text("original_file_name", view.First(OriginalFileName).Text);
        writer.Text("company", view.First(Company).Text);
        writer.Text("product", view.First(Product).Text);
        writer.Text("description", view.First(Description).Text);
        writer.Text("file_version", view.First(FileVersion).Text);
        writer.End();
    }

    private static void WriteParent(EcsWriter writer, in EventView view, ProcessContext? context, Related related)
    {
        writer.Begin("parent");
        if (context?.Parent is { } parent)
        {
            writer.Text("entity_id", parent.Names.EntityId);
            WritePid(writer, parent.Key.Pid, default);
            WriteProgram(writer, parent.Program.Executable, parent.Program.CommandLine, parent.Program.WorkingDirectory);
            WriteArguments(writer, parent.Program);
            if (parent.Key.StartNs != 0) writer.Time("start", (long)parent.Key.StartNs + view.Source.ClockOffsetNs);
            WriteIdentity(writer, parent.Detail, parent.User);
            if (parent.Program.Hashes is { } hashes) HashFields.Write(writer, Encoding.ASCII.GetString(hashes.Text), related.Hashes, out _);
        }
        else
        {
            writer.Text("entity_id", view.First(Fields.ParentProcessGuid).Text);
            WritePid(writer, context?.ParentKey.Pid ?? 0, view.First(Fields.ParentProcessId));
            WriteProgram(writer, view.First(Fields.ParentImage).Text, view.First(Fields.ParentCommandLine).Text, default);
            UserFields.OfProcess(writer, view.First(Fields.ParentUser).Text);
        }

        writer.End();
    }

    /// <summary>A number in a name's place is no name.</summary>
    private static ReadOnlySpan<byte> NameOnly(ReadOnlySpan<byte> name) =>
        name.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? name : default;
}
