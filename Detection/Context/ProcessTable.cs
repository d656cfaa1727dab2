using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using Picket.Detection.Context.Containers;
using Picket.Detection.Context.Hashing;
using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>
/// The processes of the host, kept by applying forks, execs and exits in ring order. One writer; what it hands out is
/// immutable. It outlives the actor that drives it, so that a restart forgets no process.
/// </summary>
public sealed class ProcessTable
{
    /// <summary>Ended processes that are still found, at most: about half a second of the fastest churn.</summary>
    internal const int MostLingering = 1024;

    private const uint Unset = uint.MaxValue;

    private readonly Dictionary<ProcessKey, Entry> _processes = [];
    private readonly Queue<(ProcessKey Key, ulong ExitNs, bool Restored)> _exited = new();
    private readonly AccountNames _accounts;
    private readonly ContainerCache _containers = new();
    private readonly byte[] _entityPrefix;
    private readonly ulong _lingerNs;
    private readonly Dictionary<ProcessKey, ProcessContext> _adopted = [];
    private readonly List<ProcessContext> _unlinked = [];
    private int _sweep;

    /// <summary>Makes an empty table.</summary>
    /// <param name="hostId">What makes entity ids unique over hosts and boots, such as the boot id.</param>
    /// <param name="passwd">The account file, normally <c>/etc/passwd</c>.</param>
    /// <param name="linger">How long, on the events' clock, an ended process is still found by late records.</param>
    /// <param name="time">Paces the look at the account file.</param>
    public ProcessTable(string hostId, string passwd, TimeSpan linger, TimeProvider time)
    {
        _accounts = new AccountNames(passwd, time);
        _entityPrefix = Encoding.UTF8.GetBytes(hostId + "-");
        _lingerNs = (ulong)(linger.Ticks * 100);
    }

    /// <summary>Where the hashes of executables come from; null for nowhere.</summary>
    public HashEngine? Hashes { get; init; }

    /// <summary>Processes in the table, those that linger after their end included.</summary>
    public int Count => _processes.Count;

    /// <summary>Grows when a process has ended; 0 until the kernel's list has said who lives.</summary>
    internal long Version { get; private set; }

    /// <summary>The context of a process as it stands; null when unknown.</summary>
    public ProcessContext? Find(ProcessKey key) => _processes.TryGetValue(key, out var entry) ? entry.Context : null;

    /// <summary>All processes in the table, a parent before its children.</summary>
    internal IEnumerable<ProcessContext> All => _processes.Values.Select(entry => entry.Context).OrderBy(context => context.Key.StartNs);

    /// <summary>All processes that have not ended.</summary>
    public IEnumerable<ProcessContext> Living => _processes.Values.Where(entry => !entry.Exited).Select(entry => entry.Context);

    /// <summary>
    /// The second context of a record, as it stands before the record is applied: that of its target, or what its own process was; null
    /// where there is none.
    /// </summary>
    public ProcessContext? OtherOf(in EventRecord record) => record.Kind switch // hot
    {
        EventKind.SetId or EventKind.Capset or EventKind.Unshare or EventKind.Setns => Find(record.Key),
        >= EventKind.Ptrace and <= EventKind.Call when !record.Target.IsNone => Find(record.Target),
        _ => null,
    };

    /// <summary>Applies one process record and returns the context to attach to it; null for a kind that is not about processes.</summary>
    public ProcessContext? Apply(in EventView view, out ProcessChange change)
    {
        ref readonly var record = ref view.Record;
        view.TryGetDetail(out var detail);
        change = ProcessChange.None;
        switch (record.Kind)
        {
            case EventKind.ProcessSnapshot:
                return Snapshot(view, detail, ref change);
            case EventKind.ProcessFork:
                return Fork(record, detail, ref change);
            case EventKind.ProcessCreation:
                return Execute(view, detail, ref change);
            case EventKind.ProcessTermination:
                return Exit(record, detail, ref change);
            case EventKind.SetId or EventKind.Capset or EventKind.Unshare or EventKind.Setns:
                return Stand(record, detail, ref change);
            default:
                return Find(record.Key);
        }
    }

    /// <summary>
    /// Forgets ended processes once records that may still speak of them have passed: such records follow within milliseconds, so that
    /// of very many the oldest need not wait for the whole time. Those of an earlier run do, for its records come again.
    /// </summary>
    /// <param name="nowNs">The time of the newest record seen, on the events' clock.</param>
    public void Expire(ulong nowNs)
    {
        while (_exited.TryPeek(out var oldest)
            && (oldest.ExitNs + _lingerNs < nowNs || (_exited.Count > MostLingering && !oldest.Restored)))
        {
            _exited.Dequeue();
            if (_processes.Remove(oldest.Key, out var entry)) entry.Context.CutAncestry();
        }
    }

    /// <summary>
    /// Puts back a process that an earlier run knew. Whether it still lives only the kernel's list can say: until then it lingers,
    /// so that records that are read again find it.
    /// </summary>
    /// <param name="key">The process.</param>
    /// <param name="detail">Its numbers.</param>
    /// <param name="program">What it executes; null for what its parent did.</param>
    internal void Restore(ProcessKey key, in ProcessDetail detail, ProgramImage? program)
    {
        var parent = Find(new ProcessKey(detail.ParentStartNs, detail.ParentPid));
        var known = _processes.TryGetValue(key, out var entry) ? entry : null;
        var context = new ProcessContext(key, known?.Context.Parent ?? parent, program ?? parent?.Program ?? ProgramImage.Unknown, detail,
            NamesOf(key, detail, known?.Context.Names));
        if (known is not null) known.Context = context;
        else _processes[key] = new Entry(context) { Exited = true, Restored = true };
    }

    /// <summary>
    /// Takes dead ancestors of the living from an earlier run. Whatever else is known of a process stands; only who forked it is better
    /// known by who saw the fork than by the kernel's list, which names who took it over.
    /// </summary>
    internal void Adopt(IReadOnlyList<Ancestor> ancestors, IReadOnlyList<AncestorLink> links)
    {
        var made = new Dictionary<AncestorId, ProcessContext>();
        var latest = new Dictionary<ProcessKey, ProcessContext>();
        foreach (var ancestor in ancestors.OrderBy(ancestor => ancestor.Id.Key.StartNs).ThenBy(ancestor => ancestor.Id.ExecutedNs))
        {
            var key = ancestor.Id.Key;
            var detail = ancestor.Detail.WithParent(ancestor.Parent.Key);
            var parent = made.GetValueOrDefault(ancestor.Parent) ?? latest.GetValueOrDefault(ancestor.Parent.Key);
            var context = new ProcessContext(key, parent, ancestor.Program, detail, NamesOf(key, detail, null));
            made[ancestor.Id] = latest[key] = context;
            if (parent is null) _unlinked.Add(context);
        }

        foreach (var link in links)
        {
            if (!made.TryGetValue(link.Parent, out var parent)) continue;
            if (_processes.TryGetValue(link.Child, out var entry)) Attach(entry, parent);
            else if (Version == 0) _adopted[link.Child] = parent;
        }

        if (Version > 0) LinkAdopted();
    }

    /// <summary>Begins a look at the kernel's list: what snapshots do not name until <see cref="EndSweep"/> has ended unseen.</summary>
    public void BeginSweep() => _sweep++;

    /// <summary>Ends the look begun by <see cref="BeginSweep"/> and returns those that ended unseen, as when records were lost.</summary>
    /// <param name="startedNs">When the look began: processes started later cannot be judged by it.</param>
    public IReadOnlyList<ProcessContext> EndSweep(ulong startedNs)
    {
        var gone = new List<ProcessContext>();
        foreach (var (key, entry) in _processes)
        {
            if (!entry.Exited && entry.Sweep != _sweep && key.StartNs < startedNs) gone.Add(entry.Context);
        }

        foreach (var context in gone) _processes.Remove(context.Key);
        foreach (var (key, entry) in _processes)
        {
            if (!entry.Restored) continue;
            entry.Restored = false;
            _exited.Enqueue((key, startedNs, true));
        }

        foreach (var entry in _processes.Values) Link(entry.Context);
        _adopted.Clear();
        LinkAdopted();
        Version++;
        return gone;
    }

    /// <summary>An adopted ancestor's own parent may live: then the kernel's list has named it.</summary>
    private void LinkAdopted()
    {
        foreach (var context in _unlinked) Link(context);
        _unlinked.Clear();
    }

    /// <summary>Makes <paramref name="parent"/> the parent of a process, or hangs what is above it above the same one.</summary>
    private void Attach(Entry entry, ProcessContext parent)
    {
        var child = entry.Context;
        if (child.Parent?.Key != parent.Key)
        {
            var detail = child.Detail.WithParent(parent.Key);
            entry.Context = new ProcessContext(child.Key, parent, child.Program, detail, NamesOf(child.Key, detail, child.Names));

            // Its own children hold what it was.
            child.Link(parent);
            return;
        }

        for (ProcessContext? known = child.Parent, better = parent; known?.Key == better?.Key && known != better;)
        {
            if (known!.Parent is null && better!.Parent is { } above) known.Link(above);
            known = known.Parent;
            better = better!.Parent;
        }
    }

    /// <summary>The kernel lists by pid, and pids wrap: a child may come before its parent.</summary>
    private void Link(ProcessContext context)
    {
        if (context.Parent is null && Find(context.ParentKey) is { } parent && parent.Key.StartNs <= context.Key.StartNs)
            context.Link(parent);
    }

    private ProcessContext Snapshot(in EventView view, in ProcessDetail detail, ref ProcessChange change)
    {
        var key = view.Record.Key;
        if (_processes.TryGetValue(key, out var known) && known.Context.Program != ProgramImage.Unknown)
        {
            // The ring's records are newer than the list or say the same; what they built stands.
            known.Sweep = _sweep;
            if (!known.Restored) return known.Context;
            Complete(known, view, detail);
            known.Exited = known.Restored = false;
            change = ProcessChange.Appeared;
            return known.Context;
        }

        if (known is { Restored: true }) known.Exited = known.Restored = false;
        change = known is null ? ProcessChange.Appeared : ProcessChange.Executed;
        if (_adopted.Remove(key, out var parent))
        {
            var forked = detail.WithParent(parent.Key);
            return Put(new ProcessContext(key, parent, Program(view, detail, parent), forked, NamesOf(key, forked, null)));
        }

        parent = Find(new ProcessKey(detail.ParentStartNs, detail.ParentPid));
        return Put(new ProcessContext(key, parent, Program(view, detail, parent), detail, NamesOf(key, detail, null)));
    }

    private ProgramImage Program(in EventView view, in ProcessDetail detail, ProcessContext? parent)
    {
        var program = ProgramImage.Copy(view, _containers.Find(detail.CgroupId, view.First(Fields.CgroupPath).Text));
        program.HashSlot = Hashes?.Ask(program, view, detail, parent);
        return program;
    }

    /// <summary>What an earlier run wrote down lacks the container and the hashes.</summary>
    private void Complete(Entry entry, in EventView view, in ProcessDetail detail)
    {
        var program = entry.Context.Program;
        program.HashSlot ??= Hashes?.Ask(program, view, detail, entry.Context.Parent);
        if (_containers.Find(detail.CgroupId, view.First(Fields.CgroupPath).Text) is not { } container) return;
        var was = entry.Context;
        entry.Context = new ProcessContext(was.Key, was.Parent, was.Program.In(container), was.Detail, was.Names).After(was);
    }

    private ProcessContext Fork(in EventRecord record, in ProcessDetail detail, ref ProcessChange change)
    {
        var parent = Find(new ProcessKey(detail.ParentStartNs, detail.ParentPid));
        if (_processes.TryGetValue(record.Key, out var known))
        {
            // The task iterator saw the child before the ring's record came, perhaps after its parent's end; or the record is read again.
            if (parent is not null) Attach(known, parent);
            return known.Context;
        }

        change = ProcessChange.Appeared;
        return Put(new ProcessContext(record.Key, parent, parent?.Program ?? ProgramImage.Unknown, detail,
            NamesOf(record.Key, detail, parent?.Names)));
    }

    private ProcessContext Execute(in EventView view, in ProcessDetail detail, ref ProcessChange change)
    {
        var key = view.Record.Key;
        var known = _processes.TryGetValue(key, out var entry) ? entry.Context : null;
        change = known is null ? ProcessChange.Appeared : ProcessChange.Executed;
        var parent = known is null ? Find(new ProcessKey(detail.ParentStartNs, detail.ParentPid)) : known.Parent;
        return Put(new ProcessContext(key, parent, Program(view, detail, parent), detail, NamesOf(key, detail, known?.Names)).After(known));
    }

    /// <summary>
    /// A process's standing is that of its first thread: one thread may take on other credentials for itself, and what the C library does
    /// for a whole process it does thread by thread.
    /// </summary>
    private ProcessContext? Stand(in EventRecord record, in ProcessDetail now, ref ProcessChange change)
    {
        if (!_processes.TryGetValue(record.Key, out var entry)) return null;
        var before = entry.Context;
        if (record.ThreadId != record.Key.Pid) return before;
        var detail = before.Detail.WithStanding(now);
        if (SameAs(detail, before.Detail)) return before;
        change = ProcessChange.Changed;
        var context = new ProcessContext(before.Key, before.Parent, before.Program, detail, NamesOf(before.Key, detail, before.Names));
        return entry.Context = context.After(before);
    }

    private static bool SameAs(in ProcessDetail left, in ProcessDetail right) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<ProcessDetail>(in left))
            .SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<ProcessDetail>(in right)));

    private ProcessContext Exit(in EventRecord record, in ProcessDetail detail, ref ProcessChange change)
    {
        if (!_processes.TryGetValue(record.Key, out var entry))
        {
            // Its beginning was lost; the record still gets a context of its own, which nothing later needs.
            return new ProcessContext(record.Key, Find(new ProcessKey(detail.ParentStartNs, detail.ParentPid)), ProgramImage.Unknown,
                detail, NamesOf(record.Key, detail, null));
        }

        if (entry.Exited) return entry.Context;
        entry.Exited = true;
        if (Version > 0) Version++;
        change = ProcessChange.Ended;
        _exited.Enqueue((record.Key, record.TimeNs, false));
        return entry.Context;
    }

    private ProcessContext Put(ProcessContext context)
    {
        if (_processes.TryGetValue(context.Key, out var entry))
        {
            entry.Context = context;
            entry.Sweep = _sweep;
        }
        else
        {
            _processes[context.Key] = new Entry(context) { Sweep = _sweep };
        }

        return context;
    }

    private ProcessNames NamesOf(ProcessKey key, in ProcessDetail detail, ProcessNames? before)
    {
        var user = _accounts.NameOf(detail.EffectiveUid);
        var login = detail.LoginUid == Unset ? [] : _accounts.NameOf(detail.LoginUid);
        var logon = Digits(detail.Uid, before?.LogonId);
        var session = Digits(detail.SessionId == Unset ? null : detail.SessionId, before?.TerminalSessionId);
        var pid = Digits((uint)key.Pid, before?.Pid);
        var parent = Digits(detail.ParentPid == 0 ? null : (uint)detail.ParentPid, before?.ParentPid);
        if (before is not null && ReferenceEquals(pid, before.Pid) && ReferenceEquals(parent, before.ParentPid)
            && ReferenceEquals(logon, before.LogonId) && ReferenceEquals(session, before.TerminalSessionId)
            && user.AsSpan().SequenceEqual(before.User) && login.AsSpan().SequenceEqual(before.LoginUser))
        {
            return before;
        }

        return new ProcessNames(pid, parent, user, login, logon, session, EntityIdOf(key));
    }

    private static readonly byte[] Zero = [(byte)'0'];

    /// <summary>The digits of a number; <paramref name="before"/> itself where it says the same.</summary>
    private static byte[] Digits(uint? number, byte[]? before)
    {
        if (number is not { } value) return [];
        if (value == 0) return Zero;
        Span<byte> digits = stackalloc byte[10];
        Utf8Formatter.TryFormat(value, digits, out var length);
        return before is not null && digits[..length].SequenceEqual(before) ? before : digits[..length].ToArray();
    }

    private byte[] EntityIdOf(ProcessKey key)
    {
        Span<byte> buffer = stackalloc byte[_entityPrefix.Length + 32];
        _entityPrefix.CopyTo(buffer);
        var at = _entityPrefix.Length;
        Utf8Formatter.TryFormat(key.Pid, buffer[at..], out var written);
        at += written;
        buffer[at++] = (byte)'-';
        Utf8Formatter.TryFormat(key.StartNs, buffer[at..], out written);
        return buffer[..(at + written)].ToArray();
    }

    private sealed class Entry(ProcessContext context)
    {
        public ProcessContext Context { get; set; } = context;

        public bool Exited { get; set; }

        public int Sweep { get; set; }

        /// <summary>An earlier run knew it, and nothing of this run has spoken of it yet.</summary>
        public bool Restored { get; set; }
    }
}
