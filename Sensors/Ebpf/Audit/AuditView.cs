using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Audit;
using Picket.Sensors.Ebpf.Decoding;
using Picket.Sensors.Ebpf.Records;
using Picket.Sensors.Linux;

namespace Picket.Sensors.Ebpf.Audit;

/// <summary>
/// The auditd view: of a decoded record it makes the records that auditd would have written of the same event, right behind it in the
/// batch and over the same bytes. Who made the call (<c>exe</c>, <c>uid</c>, <c>ppid</c>, ..) the context stage knows.
/// </summary>
internal sealed class AuditView
{
    private const int NamedArguments = 64;

    /// <summary>The category is nobody's: a part that is not known would ask rules of every category.</summary>
    private static readonly EventRoute Route = EventRouteTable.Route("linux", "audit_record", "auditd");

    private static readonly byte[] OwnArch = Encoding.UTF8.GetBytes(CallNames.OwnEntry == SyscallEntry.Arm64 ? "c00000b7" : "c000003e");
    private static readonly byte[] ExecveNumber = Encoding.UTF8.GetBytes(
        SyscallNames.NumberOf(CallNames.OwnEntry, "execve")!.Value.ToString(CultureInfo.InvariantCulture));

    private const int LongestPath = 4096;

    private readonly AuditPlan _plan;

    public AuditView(AuditPlan plan) => _plan = plan;

    private static ReadOnlySpan<byte> Run => "/run/"u8;

    /// <summary>What stands before it in the other name: /var/run leads to /run.</summary>
    private static ReadOnlySpan<byte> Above => "/var"u8;

    /// <summary>Adds what is to be made of the record at <paramref name="index"/>.</summary>
    /// <param name="kind">Its kind in the ring.</param>
    /// <param name="bytes">Its bytes as the ring had them.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="index">Where it is.</param>
    public void Derive(RecordKind kind, ReadOnlySpan<byte> bytes, EventBatch batch, int index) // hot
    {
        if (kind == RecordKind.Exec) Execution(MemoryMarshal.AsRef<ExecRecord>(bytes), batch, index);
        else if (kind is >= RecordKind.FileCreate and <= RecordKind.FileNode) Files(batch, index);
        else if (kind is >= RecordKind.SetId and <= RecordKind.Call) Call(MemoryMarshal.AsRef<CallRecord>(bytes), batch);
    }

    private void Execution(in ExecRecord exec, EventBatch batch, int index) // hot
    {
        batch.View(index).TryGetDetail(out var detail);
        var image = Entry(batch, index, Fields.Image);
        if (_plan.Types.HasFlag(AuditTypes.Syscall))
        {
            Add(batch, "SYSCALL"u8);
            batch.AddText(AuditFields.Arch, OwnArch);
            batch.AddText(AuditFields.Syscall, ExecveNumber);
            batch.AddText(AuditFields.SyscallName, "execve"u8);
            batch.AddText(AuditFields.Success, "yes"u8);
            batch.AddText(AuditFields.Exit, "0"u8);
            Again(batch, AuditFields.Comm, Entry(batch, index, Fields.ThreadName));
            var terminal = Entry(batch, index, Fields.Tty);
            if (terminal.Length > 4 && batch.Bytes(terminal.Start, 4).SequenceEqual("pts/"u8)) PseudoTerminal(batch, terminal);
            else if (terminal.Length > 0) Again(batch, AuditFields.Terminal, terminal);
            else batch.AddText(AuditFields.Terminal, "(none)"u8);
            _plan.AddExecutionKeys(batch.Bytes(image.Start, image.Length), batch);
        }

        if (_plan.Types.HasFlag(AuditTypes.Execve)) Arguments(batch, index, detail);
        if (_plan.Types.HasFlag(AuditTypes.Cwd))
        {
            Add(batch, "CWD"u8);
            Again(batch, AuditFields.Directory, Entry(batch, index, Fields.CurrentDirectory));
        }

        if (!_plan.Types.HasFlag(AuditTypes.Path)) return;
        var script = Entry(batch, index, Fields.Script);
        Add(batch, "PATH"u8);
        batch.AddText(AuditFields.Item, "0"u8);
        Named(batch, script.Length > 0 ? script : image);
        batch.AddText(AuditFields.NameType, "NORMAL"u8);

        // The numbers are the interpreter's: the kernel's record has none of the script.
        if (script.Length > 0) return;
        RecordFields.Number(batch, AuditFields.Inode, detail.ImageInode);
        Device(batch, detail.ImageDevice);
        RecordFields.Digits(batch, AuditFields.Mode, detail.ImageMode, 3, 7);
        RecordFields.Number(batch, AuditFields.OwnerUid, exec.ExeUid);
        RecordFields.Number(batch, AuditFields.OwnerGid, exec.ExeGid);
    }

    /// <summary>auditd writes the kernel's own name of it, which has no slash.</summary>
    private static void PseudoTerminal(EventBatch batch, in FieldEntry terminal) // hot
    {
        var name = batch.Reserve(terminal.Length - 1, out var start);
        "pts"u8.CopyTo(name);
        batch.Bytes(terminal.Start + 4, terminal.Length - 4).CopyTo(name[3..]);
        batch.AddField(AuditFields.Terminal, FieldKind.Text, start, name.Length);
    }

    /// <summary>A field an argument, over the bytes of the command line, and the whole line for keywords that reach over a blank.</summary>
    private static void Arguments(EventBatch batch, int index, in ProcessDetail detail) // hot
    {
        var line = Entry(batch, index, Fields.CommandLine);
        Add(batch, "EXECVE"u8);
        RecordFields.Number(batch, AuditFields.ArgumentCount, (ulong)detail.ArgumentCount);
        if (detail.ArgumentCount == 0) return;
        var start = 0;
        for (var i = 0; i < detail.ArgumentCount && i < NamedArguments; i++)
        {
            var end = MemoryMarshal.Read<int>(batch.Bytes(detail.ArgumentEndsOffset + (i * sizeof(int)), sizeof(int)));
            batch.AddField(AuditFields.Argument(i), FieldKind.Text, line.Start + start, end - start);
            start = end + 1;
        }

        batch.AddField(FieldId.Unnamed, FieldKind.Text, line.Start, line.Length);
    }

    private void Call(in CallRecord call, EventBatch batch) // hot
    {
        if ((call.Flags & CallFlags.NoCall) != 0 || !_plan.Types.HasFlag(AuditTypes.Syscall)) return;
        var compat = (call.Flags & CallFlags.ThroughCompat) != 0;
        if (_plan.Find(call.Number, compat) is not { } asked) return;
        var success = call.Result >= 0;
        if (asked.OnlyKeyed && !FitsAny(asked, call.Arguments, success)) return;
        Add(batch, "SYSCALL"u8);
        batch.AddText(AuditFields.Arch, compat ? "40000003"u8 : OwnArch);
        RecordFields.Number(batch, AuditFields.Syscall, call.Number);
        batch.AddText(AuditFields.SyscallName, CallNames.Of(call.Number, compat));
        batch.AddText(AuditFields.Success, success ? "yes"u8 : "no"u8);
        Span<byte> digits = stackalloc byte[20];
        call.Result.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        batch.AddText(AuditFields.Exit, digits[..length]);
        for (var i = 0; i < 4; i++) RecordFields.Digits(batch, AuditFields.Argument(i), call.Arguments[i], 4);
        ReadOnlySpan<byte> name = call.Comm;
        var end = name.IndexOf((byte)0);
        batch.AddText(AuditFields.Comm, end < 0 ? name : name[..end]);
        foreach (var keyed in asked.Keyed)
        {
            if (keyed.Rule.Fits(call.Arguments, success)) batch.AddText(AuditFields.Key, keyed.Key);
        }
    }

    private static bool FitsAny(AuditPlan.CallPlan plan, ReadOnlySpan<ulong> arguments, bool success) // hot
    {
        foreach (var keyed in plan.Keyed)
        {
            if (keyed.Rule.Fits(arguments, success)) return true;
        }

        return false;
    }

    private void Files(EventBatch batch, int index) // hot
    {
        if (!_plan.Types.HasFlag(AuditTypes.Path)) return;
        var kind = batch.Records[index].Kind;
        var renamed = kind == EventKind.FileRename;
        var target = Entry(batch, index, Fields.TargetFilename);
        var source = renamed ? Entry(batch, index, SourceFilename) : default;
        if (source.Length > 0 && IsAsked(batch, source)) Path(batch, source, "0"u8, "DELETE"u8);
        if (target.Length == 0 || !IsAsked(batch, target)) return;
        Path(batch, target, source.Length > 0 ? "1"u8 : "0"u8, renamed ? "CREATE"u8 : NameTypeOf(kind));
        foreach (var (own, theirs) in FileFacts)
        {
            var fact = Entry(batch, index, own);
            if (fact.Length > 0) Again(batch, theirs, fact);
        }
    }

    private bool IsAsked(EventBatch batch, in FieldEntry path) // hot
    {
        if (_plan.Paths is not { } filter) return true;
        var name = batch.Bytes(path.Start, path.Length);
        return filter.MayBeAsked(name) || (name.StartsWith(Run) && IsAskedByAlias(filter, name));
    }

    private static bool IsAskedByAlias(PathFilter filter, ReadOnlySpan<byte> name) // hot
    {
        Span<byte> alias = stackalloc byte[LongestPath];
        if (Above.Length + name.Length > alias.Length) return true;
        Above.CopyTo(alias);
        name.CopyTo(alias[Above.Length..]);
        return filter.MayBeAsked(alias[..(Above.Length + name.Length)]);
    }

    private static readonly (FieldId Own, FieldId Theirs)[] FileFacts =
    [
        (FieldTable.Intern("FileInode"), AuditFields.Inode), (FieldTable.Intern("FileOwner"), AuditFields.OwnerUid),
        (FieldTable.Intern("FileGroup"), AuditFields.OwnerGid),
    ];

    private static readonly FieldId SourceFilename = FieldTable.Intern("SourceFilename");

    private static void Path(EventBatch batch, FieldEntry name, ReadOnlySpan<byte> item, ReadOnlySpan<byte> nameType) // hot
    {
        Add(batch, "PATH"u8);
        batch.AddText(AuditFields.Item, item);
        Named(batch, name);
        batch.AddText(AuditFields.NameType, nameType);
    }

    /// <summary>
    /// The path as the kernel knows it. auditd writes it as the caller did; the one alias that callers, and rules, use everywhere is
    /// a second value of the field.
    /// </summary>
    private static void Named(EventBatch batch, in FieldEntry name) // hot
    {
        Again(batch, AuditFields.Name, name);
        if (!batch.Bytes(name.Start, name.Length).StartsWith(Run)) return;
        var alias = batch.Reserve(name.Length + Above.Length, out var start);
        Above.CopyTo(alias);
        batch.Bytes(name.Start, name.Length).CopyTo(alias[Above.Length..]);
        batch.AddField(AuditFields.Name, FieldKind.Text, start, alias.Length);
    }

    private static ReadOnlySpan<byte> NameTypeOf(EventKind kind) => kind switch // hot
    {
        EventKind.FileCreate or EventKind.FileLink or EventKind.FileSymlink or EventKind.DirectoryCreate
            or EventKind.FileNode => "CREATE"u8,
        EventKind.FileDelete or EventKind.DirectoryDelete => "DELETE"u8,
        _ => "NORMAL"u8,
    };

    private static void Add(EventBatch batch, ReadOnlySpan<byte> type) // hot
    {
        batch.Add(EventKind.AuditRecord).Route = Route;
        batch.AddText(AuditFields.Type, type);
        batch.AddText(AuditFields.Source, "kernel"u8);
    }

    private static void Device(EventBatch batch, uint device) // hot
    {
        Span<byte> text = stackalloc byte[20];
        (device >> 20).TryFormat(text, out var length, "x2", CultureInfo.InvariantCulture);
        text[length++] = (byte)':';
        (device & 0xFFFFF).TryFormat(text[length..], out var written, "x2", CultureInfo.InvariantCulture);
        batch.AddText(AuditFields.Device, text[..(length + written)]);
    }

    /// <summary>A field of the record that this is made of; empty when it has none.</summary>
    private static FieldEntry Entry(EventBatch batch, int index, FieldId field) // hot
    {
        foreach (ref readonly var entry in batch.View(index).Entries)
        {
            if (entry.Id == field) return entry;
        }

        return default;
    }

    /// <summary>Adds bytes that are in the arena already under another name.</summary>
    private static void Again(EventBatch batch, FieldId field, in FieldEntry entry) => // hot
        batch.AddField(field, FieldKind.Text, entry.Start, entry.Length);
}
