using System.Globalization;
using System.Text;
using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>
/// What is known of one process at one moment: an immutable record that the context stage publishes and attaches to events
/// by reference. A later fork, exec or exit makes a new one.
/// </summary>
public sealed class ProcessContext : EventContext
{
    /// <summary>How many ancestors an ended process keeps alive. A chain of processes that each fork the next and end would
    /// otherwise be held by its last member for ever.</summary>
    public const int MaxAncestors = 16;

    private readonly ProcessNames _names;
    private ProcessContext? _parent;
    private ParentFacts? _parentFacts;
    private ParentFacts? _asParent;
    private AuditNames? _audit;
    private int _revision;

    internal ProcessContext(ProcessKey key, ProcessContext? parent, ProgramImage program, in ProcessDetail detail, ProcessNames names)
    {
        Key = key;
        Program = program;
        Detail = detail;
        ParentKey = new ProcessKey(detail.ParentStartNs, detail.ParentPid);
        _names = names;
        _parent = parent;
        _parentFacts = parent?.AsParent();
    }

    /// <summary>The process.</summary>
    public ProcessKey Key { get; }

    /// <summary>The process that forked it, which may have ended since.</summary>
    public ProcessKey ParentKey { get; }

    /// <summary>The forking process as it was at the fork; null when unknown or too far up.</summary>
    public ProcessContext? Parent => Volatile.Read(ref _parent);

    /// <summary>What it executes.</summary>
    public ProgramImage Program { get; }

    /// <summary>Credentials, namespaces and the executable's identity.</summary>
    public ProcessDetail Detail { get; }

    /// <summary>The account's name, or its number.</summary>
    public ReadOnlySpan<byte> User => _names.User;

    /// <summary>Sets a parent that was not known when the context was made, or known wrongly. A reader sees the one or the other.</summary>
    internal void Link(ProcessContext parent)
    {
        Volatile.Write(ref _parentFacts, parent.AsParent());
        Volatile.Write(ref _parent, parent);

        // Last: who reads the facts after this number reads the new ones.
        Volatile.Write(ref _revision, _revision + 1);
    }

    /// <inheritdoc/>
    public override int Revision => Volatile.Read(ref _revision); // hot

    /// <summary>Names that fields need as text, shared by the contexts of one process where nothing changed.</summary>
    internal ProcessNames Names => _names;

    /// <inheritdoc/>
    public override FieldValue Find(FieldId field) // hot
    {
        if (field == Fields.Image) return Text(Program.Executable);
        if (field == Fields.CommandLine) return Text(Program.CommandLine);
        if (field == Fields.CurrentDirectory) return Text(Program.WorkingDirectory);
        if (field == Fields.User) return Text(_names.User);
        if (field == Fields.ProcessId) return new FieldValue(FieldKind.Number, _names.Pid);
        if (field == Fields.ParentProcessId) return new FieldValue(FieldKind.Number, _names.ParentPid);
        if (field == Fields.LogonId) return Text(_names.LogonId);
        if (field == Fields.TerminalSessionId) return Text(_names.TerminalSessionId);
        if (field == Fields.LoginUser) return Text(_names.LoginUser);
        if (field == Fields.ProcessGuid) return Text(_names.EntityId);
        if (AuditNames.Has(field)) return OfAudit(field);
        if (Program.Container is { } container)
        {
            if (field == Fields.ContainerId) return Text(container.Id);
            if (field == Fields.ContainerRuntime) return Text(container.Runtime);
            if (field == Fields.PodUid) return Text(container.PodUid);
        }

        if (Volatile.Read(ref _parentFacts) is not { } parent) return default;
        if (field == Fields.ParentImage) return Text(parent.Program.Executable);
        if (field == Fields.ParentCommandLine) return Text(parent.Program.CommandLine);
        if (field == Fields.ParentUser) return Text(parent.Names.User);
        if (field == Fields.ParentProcessGuid) return Text(parent.Names.EntityId);
        return default;
    }

    /// <inheritdoc/>
    public override FieldValue FindFor(EventKind kind, FieldId field, EventContext? other) // hot
    {
        if (kind is EventKind.Ptrace or EventKind.VmWrite)
        {
            if (field == CallFields.SourceImage) return Text(Program.Executable);
            if (field == CallFields.SourceUser) return Text(_names.User);
            if (field == CallFields.SourceProcessId) return new FieldValue(FieldKind.Number, _names.Pid);
            if (field == CallFields.SourceProcessGuid) return Text(_names.EntityId);
        }

        if (kind is EventKind.ProcessCreation or EventKind.ProcessTermination) return OfHashes(field);
        if (other is not ProcessContext second) return default;
        return kind is EventKind.SetId or EventKind.Capset or EventKind.Unshare or EventKind.Setns
            ? second.AsBefore(field)
            : second.AsTarget(field);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(Program.Executable)} ({Key.Pid})");

    /// <summary>An absent value is a missing field: a rule that asks for null must see it so.</summary>
    private static FieldValue Text(ReadOnlySpan<byte> text) => text.IsEmpty ? default : new FieldValue(FieldKind.Text, text);

    /// <summary>
    /// Lets go of the ancestors too far up. Called when the process itself is long over: who stands so far above it was seen by
    /// every reader long ago. What rules ask of a parent stays with its child.
    /// </summary>
    internal void CutAncestry()
    {
        var at = this;
        for (var depth = 0; depth < MaxAncestors; depth++)
        {
            at = at.Parent;
            if (at is null) return;
        }

        // Readers that walk at this moment see one ancestor more or less; either is right.
        Volatile.Write(ref at._parent, null);
    }

    /// <summary>Takes over what is known of the parent from the context that this one follows.</summary>
    internal ProcessContext After(ProcessContext? before)
    {
        _parentFacts ??= before?._parentFacts;
        return this;
    }

    /// <summary>Of other kinds of events Sigma's hashes are those of a module or file that the event is about.</summary>
    private FieldValue OfHashes(FieldId field) // hot
    {
        if (Program.Hashes is not { } hashes) return default;
        if (field == Fields.Hashes) return Text(hashes.Text);
        if (field == Fields.Sha256) return Text(hashes.Sha256);
        if (field == Fields.Sha1) return Text(hashes.Sha1);
        if (field == Fields.Md5) return Text(hashes.Md5);
        return default;
    }

    private FieldValue AsTarget(FieldId field) // hot
    {
        if (field == CallFields.TargetImage) return Text(Program.Executable);
        if (field == CallFields.TargetCommandLine) return Text(Program.CommandLine);
        if (field == CallFields.TargetUser) return Text(_names.User);
        if (field == CallFields.TargetProcessGuid) return Text(_names.EntityId);
        return default;
    }

    private FieldValue AsBefore(FieldId field) // hot
    {
        if (field == CallFields.OldUser) return Text(_names.User);
        if (field == CallFields.OldUid) return OfAudit(AuditFields.Uid);
        if (field == CallFields.OldEuid) return OfAudit(AuditFields.EffectiveUid);
        if (field == CallFields.OldGid) return OfAudit(AuditFields.Gid);
        if (field == CallFields.OldEgid) return OfAudit(AuditFields.EffectiveGid);
        if (field == CallFields.OldCapEffective) return OfAudit(AuditNames.CapEffective);
        if (field == CallFields.OldCapPermitted) return OfAudit(AuditNames.CapPermitted);
        return default;
    }

    /// <summary>Numbers become text when a rule first asks for one, and stay with the context.</summary>
    private FieldValue OfAudit(FieldId field) // hot
    {
        if (field == AuditFields.Exe) return Text(Program.Executable);
        return (_audit ??= new AuditNames(Key, Detail)).Find(field);
    }

    /// <summary>What children keep of this process; made once, shared by all of them.</summary>
    private ParentFacts AsParent() => _asParent ??= new ParentFacts(Program, _names);
}
