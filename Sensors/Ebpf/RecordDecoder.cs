using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// Turns records of the ring, and of the task iterator, into records of a batch. A record's strings are copied once, in one
/// piece, and the fields point into that copy. Bytes that make no sense are counted, never thrown over: what is in the ring
/// was written by other processes' names and arguments.
/// </summary>
/// <remarks>Not thread-safe: one per reader.</remarks>
public sealed class RecordDecoder
{
    private const uint SetIdBits = 0xC00;

    private readonly EventRoute _creation = EventRouteTable.Route("linux", "process_creation", null);
    private readonly EventRoute _fork = EventRouteTable.Route("linux", "process_fork", null);
    private readonly EventRoute _termination = EventRouteTable.Route("linux", "process_termination", null);
    private readonly EventRoute _snapshot = EventRouteTable.Route("linux", "process_snapshot", null);
    private long _decoded;
    private long _malformed;
    private long _unknown;

    /// <summary>Records put into batches.</summary>
    public long Decoded => Volatile.Read(ref _decoded);

    /// <summary>Records whose bytes contradicted themselves.</summary>
    public long Malformed => Volatile.Read(ref _malformed);

    /// <summary>Records of kinds that this build does not know.</summary>
    public long Unknown => Volatile.Read(ref _unknown);

    /// <summary>Adds a record to <paramref name="batch"/>, which must have room for one more.</summary>
    /// <param name="record">The record's bytes, as the ring or the iterator gave them; longer than the record is allowed.</param>
    /// <param name="position">The record's number: its end position in the ring, so that it is the same when read again.</param>
    /// <param name="redelivered">Whether the record was handed on before, by a run that ended without completing it.</param>
    /// <param name="batch">Where to.</param>
    public DecodeResult Decode(ReadOnlySpan<byte> record, ulong position, bool redelivered, EventBatch batch) // hot
    {
        var result = DecodeResult.Malformed;
        if (record.Length >= Unsafe.SizeOf<RecordHeader>())
        {
            ref readonly var header = ref MemoryMarshal.AsRef<RecordHeader>(record);
            if (header.Length <= (uint)record.Length && header.Length >= (uint)Unsafe.SizeOf<RecordHeader>())
            {
                var bytes = record[..(int)header.Length];
                result = header.Kind switch
                {
                    RecordKind.Exec => Exec(bytes, EventKind.ProcessCreation, _creation, batch),
                    RecordKind.Task => Exec(bytes, EventKind.ProcessSnapshot, _snapshot, batch),
                    RecordKind.Fork => Fork(bytes, batch),
                    RecordKind.Exit => Exit(bytes, batch),
                    _ => DecodeResult.Unknown,
                };
                if (result == DecodeResult.Decoded) Finish(header, position, redelivered, batch);
            }
        }

        switch (result)
        {
            case DecodeResult.Decoded: Volatile.Write(ref _decoded, _decoded + 1); break;
            case DecodeResult.Malformed: Volatile.Write(ref _malformed, _malformed + 1); break;
            default: Volatile.Write(ref _unknown, _unknown + 1); break;
        }

        return result;
    }

    private static void Finish(in RecordHeader header, ulong position, bool redelivered, EventBatch batch) // hot
    {
        ref var record = ref Unsafe.AsRef(in batch.Records[^1]);
        record.Key = KeyOf(header.Process);
        record.TimeNs = header.Time;
        record.ThreadId = (int)header.Process.Pid;
        record.Sequence = position;
        if (redelivered) record.Flags |= EventFlags.Redelivered;
    }

    private static ProcessKey KeyOf(in TaskKey key) => new(key.Start, (int)key.Tgid);

    private static DecodeResult Exec(ReadOnlySpan<byte> bytes, EventKind kind, EventRoute route, EventBatch batch) // hot
    {
        var size = Unsafe.SizeOf<ExecRecord>();
        if (bytes.Length < size) return DecodeResult.Malformed;
        ref readonly var exec = ref MemoryMarshal.AsRef<ExecRecord>(bytes);
        var end = (uint)bytes.Length;
        if (!Fits(exec.Exe, end) || !Fits(exec.Root, end) || !Fits(exec.Cwd, end) || !Fits(exec.Cgroup, end) || !Fits(exec.Tty, end)
            || !Fits(exec.File, end) || !Fits(exec.Interpreter, end) || !Fits(exec.Environment, end) || !Fits(exec.Args, end))
            return DecodeResult.Malformed;

        ref var record = ref batch.Add(kind);
        record.Route = route;
        record.Flags = FlagsOf(exec);
        var heap = batch.Reserve(bytes.Length - size, out var start);
        bytes[size..].CopyTo(heap);
        var shift = start - size;
        Text(batch, Fields.Image, exec.Exe, shift);
        Text(batch, Fields.CurrentDirectory, exec.Cwd, shift);
        Text(batch, Fields.RootDirectory, exec.Root, shift);
        Text(batch, Fields.CgroupPath, exec.Cgroup, shift);
        Text(batch, Fields.Tty, exec.Tty, shift);
        if ((exec.Flags & ProcessFlags.Script) != 0) Text(batch, Fields.Script, exec.File, shift);
        if (exec.Environment.Length > 0)
            Environment(heap.Slice((int)exec.Environment.Offset - size, (int)exec.Environment.Length),
                (int)exec.Environment.Offset + shift, batch);

        var detail = default(ProcessDetail);
        Fill(ref detail, exec.Parent, exec.Surroundings);
        detail.ImageInode = exec.ExeInode;
        detail.ImageSize = exec.ExeSize;
        detail.ImageChangeNs = exec.ExeCtime;
        detail.ImageModifyNs = exec.ExeMtime;
        detail.ImageDevice = exec.ExeDevice;
        detail.ImageMode = exec.ExeMode;
        detail.Tty = exec.TtyDevice;
        if (exec.Args.Length > 0)
        {
            // The arena may move when it grows: the slice is taken for this call only.
            var count = Arguments(heap.Slice((int)exec.Args.Offset - size, (int)exec.Args.Length), (int)exec.Args.Offset + shift, batch,
                out var ends);
            detail.ArgumentCount = count;
            detail.ArgumentEndsOffset = ends;
        }

        Name(batch, exec.Comm);
        batch.SetDetail(detail);
        return DecodeResult.Decoded;
    }

    private DecodeResult Fork(ReadOnlySpan<byte> bytes, EventBatch batch) // hot
    {
        if (bytes.Length < Unsafe.SizeOf<ForkRecord>()) return DecodeResult.Malformed;
        ref readonly var fork = ref MemoryMarshal.AsRef<ForkRecord>(bytes);
        batch.Add(EventKind.ProcessFork).Route = _fork;
        var detail = default(ProcessDetail);
        Fill(ref detail, fork.Parent, fork.Surroundings);
        Name(batch, fork.Comm);
        batch.SetDetail(detail);
        return DecodeResult.Decoded;
    }

    private DecodeResult Exit(ReadOnlySpan<byte> bytes, EventBatch batch) // hot
    {
        if (bytes.Length < Unsafe.SizeOf<ExitRecord>()) return DecodeResult.Malformed;
        ref readonly var exit = ref MemoryMarshal.AsRef<ExitRecord>(bytes);
        ref var record = ref batch.Add(EventKind.ProcessTermination);
        record.Route = _termination;
        if (exit.CoreDumped != 0) record.Flags |= EventFlags.CoreDumped;
        Number(batch, Fields.ExitCode, exit.Code);
        Number(batch, Fields.ExitSignal, exit.Signal);
        batch.SetDetail(new ProcessDetail { ExitCode = (int)exit.Code, ExitSignal = (int)exit.Signal });
        return DecodeResult.Decoded;
    }

    private static bool Fits(in RecordSlice slice, uint end) => // hot
        slice.Length == 0 || (slice.Offset >= (uint)Unsafe.SizeOf<ExecRecord>() && slice.Offset <= end
            && slice.Length <= end - slice.Offset);

    private static EventFlags FlagsOf(in ExecRecord exec) // hot
    {
        var flags = EventFlags.None;
        if ((exec.Flags & ProcessFlags.ArgsCut) != 0) flags |= EventFlags.ArgumentsTruncated;
        if ((exec.Flags & ProcessFlags.ArgsUnread) != 0) flags |= EventFlags.ArgumentsUnreadable;
        if ((exec.Flags & ProcessFlags.ExeCut) != 0) flags |= EventFlags.ImageTruncated;
        if ((exec.Flags & ProcessFlags.CwdCut) != 0) flags |= EventFlags.DirectoryTruncated;
        if ((exec.Flags & ProcessFlags.ExeDeleted) != 0) flags |= EventFlags.ImageDeleted;
        if ((exec.Flags & ProcessFlags.ExeMemfd) != 0) flags |= EventFlags.ImageInMemory;
        if ((exec.Flags & ProcessFlags.Script) != 0) flags |= EventFlags.Script;
        if ((exec.ExeMode & SetIdBits) != 0) flags |= EventFlags.SetId;
        return flags;
    }

    private static void Fill(ref ProcessDetail detail, in TaskKey parent, in Surroundings from) // hot
    {
        detail.ParentStartNs = parent.Start;
        detail.ParentPid = (int)parent.Tgid;
        detail.CapabilitiesEffective = from.Credentials.CapEffective;
        detail.CapabilitiesPermitted = from.Credentials.CapPermitted;
        detail.CapabilitiesInheritable = from.Credentials.CapInheritable;
        detail.CapabilitiesBounding = from.Credentials.CapBounding;
        detail.CapabilitiesAmbient = from.Credentials.CapAmbient;
        detail.CgroupId = from.CgroupId;
        detail.NamespacePid = (int)from.NsPid;
        detail.Uid = from.Credentials.Uid;
        detail.EffectiveUid = from.Credentials.Euid;
        detail.SavedUid = from.Credentials.Suid;
        detail.FsUid = from.Credentials.Fsuid;
        detail.Gid = from.Credentials.Gid;
        detail.EffectiveGid = from.Credentials.Egid;
        detail.SavedGid = from.Credentials.Sgid;
        detail.FsGid = from.Credentials.Fsgid;
        detail.LoginUid = from.Credentials.Loginuid;
        detail.SessionId = from.Credentials.Sessionid;
        detail.PidNamespace = from.Namespaces.Pid;
        detail.MountNamespace = from.Namespaces.Mnt;
        detail.NetNamespace = from.Namespaces.Net;
        detail.UserNamespace = from.Namespaces.User;
        detail.UtsNamespace = from.Namespaces.Uts;
        detail.IpcNamespace = from.Namespaces.Ipc;
        detail.CgroupNamespace = from.Namespaces.Cgroup;
    }

    private static void Text(EventBatch batch, FieldId field, in RecordSlice slice, int shift) // hot
    {
        if (slice.Length > 0) batch.AddField(field, FieldKind.Text, (int)slice.Offset + shift, (int)slice.Length);
    }

    private static void Name(EventBatch batch, in CommName comm) // hot
    {
        ReadOnlySpan<byte> name = comm;
        var length = name.IndexOf((byte)0);
        batch.AddText(Fields.ThreadName, length < 0 ? name : name[..length]);
    }

    private static void Number(EventBatch batch, FieldId field, uint value) // hot
    {
        Span<byte> digits = stackalloc byte[10];
        Utf8Formatter.TryFormat(value, digits, out var length);
        batch.AddField(field, FieldKind.Number, batch.Append(digits[..length]), length);
    }

    private static void Environment(ReadOnlySpan<byte> text, int start, EventBatch batch) // hot
    {
        while (text.Length > 0)
        {
            var length = text.IndexOf((byte)0);
            var one = length < 0 ? text : text[..length];
            var field = ChosenEnvironment.FieldOf(one, out var value);
            if (field != FieldId.Unnamed) batch.AddField(field, FieldKind.Text, start + value, one.Length - value);
            if (length < 0) return;
            text = text[(length + 1)..];
            start += length + 1;
        }
    }

    /// <summary>
    /// Puts a blank for each NUL between the arguments, in place, and notes where each argument ends. The last NUL is not
    /// part of the command line.
    /// </summary>
    private static int Arguments(Span<byte> text, int start, EventBatch batch, out int ends) // hot
    {
        if (text[^1] == 0) text = text[..^1];
        var count = ((ReadOnlySpan<byte>)text).Count((byte)0) + 1;
        batch.AddField(Fields.CommandLine, FieldKind.Text, start, text.Length);
        var first = text.IndexOf((byte)0);
        batch.AddField(Fields.Argv0, FieldKind.Text, start, first < 0 ? text.Length : first);

        var table = MemoryMarshal.Cast<byte, int>(batch.Reserve(count * sizeof(int), out ends));
        // The reservation may have moved the arena: write to where it is now.
        var line = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(batch.Bytes(start, text.Length)), text.Length);
        var at = 0;
        for (var i = 0; i < count - 1; i++)
        {
            at += line[at..].IndexOf((byte)0);
            table[i] = at;
            line[at++] = (byte)' ';
        }

        table[count - 1] = line.Length;
        return count;
    }
}
