using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>Decodes exec, fork and exit, and what the task iterator says.</summary>
internal static class ProcessDecoder
{
    private const uint SetIdBits = 0xC00;
    private const int PseudoTerminal = 16;

    private static readonly EventRoute Creation = RecordFields.RouteOf(EventKind.ProcessCreation);
    private static readonly EventRoute Snapshot = RecordFields.RouteOf(EventKind.ProcessSnapshot);
    private static readonly EventRoute Forked = RecordFields.RouteOf(EventKind.ProcessFork);
    private static readonly EventRoute Termination = RecordFields.RouteOf(EventKind.ProcessTermination);

    /// <summary>Decodes a record of the process concern.</summary>
    public static DecodeResult Decode(RecordKind kind, ReadOnlySpan<byte> bytes, EventBatch batch) => kind switch // hot
    {
        RecordKind.Exec => Exec(bytes, EventKind.ProcessCreation, Creation, batch),
        RecordKind.Task => Exec(bytes, EventKind.ProcessSnapshot, Snapshot, batch),
        RecordKind.Fork => Fork(bytes, batch),
        RecordKind.Exit => Exit(bytes, batch),
        _ => DecodeResult.Unknown,
    };

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
        RecordFields.Text(batch, Fields.Image, exec.Exe, shift);
        RecordFields.Text(batch, Fields.CurrentDirectory, exec.Cwd, shift);
        RecordFields.Text(batch, Fields.RootDirectory, exec.Root, shift);
        RecordFields.Text(batch, Fields.CgroupPath, exec.Cgroup, shift);
        Terminal(batch, heap, exec.Tty, size, shift);
        if ((exec.Flags & ProcessFlags.ExeMemfd) != 0) batch.AddText(CallFields.Provenance, "memfd"u8);
        else if ((exec.Flags & ProcessFlags.ExeDeleted) != 0) batch.AddText(CallFields.Provenance, "deleted"u8);
        if ((exec.Flags & ProcessFlags.Script) != 0) RecordFields.Text(batch, Fields.Script, exec.File, shift);
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

        RecordFields.Name(batch, exec.Comm);
        batch.SetDetail(detail);
        return DecodeResult.Decoded;
    }

    /// <summary>The name of a terminal below /dev: the kernel itself calls pts/3 pts3.</summary>
    private static void Terminal(EventBatch batch, ReadOnlySpan<byte> heap, in RecordSlice name, int size, int shift) // hot
    {
        var text = name.Length == 0 ? default : heap.Slice((int)name.Offset - size, (int)name.Length);
        if (text.StartsWith("pts"u8) && text.Length < PseudoTerminal && text[3..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
        {
            Span<byte> below = stackalloc byte[PseudoTerminal + 1];
            "pts/"u8.CopyTo(below);
            text[3..].CopyTo(below[4..]);
            batch.AddText(Fields.Tty, below[..(text.Length + 1)]);
            return;
        }

        RecordFields.Text(batch, Fields.Tty, name, shift);
    }

    private static DecodeResult Fork(ReadOnlySpan<byte> bytes, EventBatch batch) // hot
    {
        if (bytes.Length < Unsafe.SizeOf<ForkRecord>()) return DecodeResult.Malformed;
        ref readonly var fork = ref MemoryMarshal.AsRef<ForkRecord>(bytes);
        batch.Add(EventKind.ProcessFork).Route = Forked;
        var detail = default(ProcessDetail);
        Fill(ref detail, fork.Parent, fork.Surroundings);
        RecordFields.Name(batch, fork.Comm);
        batch.SetDetail(detail);
        return DecodeResult.Decoded;
    }

    private static DecodeResult Exit(ReadOnlySpan<byte> bytes, EventBatch batch) // hot
    {
        if (bytes.Length < Unsafe.SizeOf<ExitRecord>()) return DecodeResult.Malformed;
        ref readonly var exit = ref MemoryMarshal.AsRef<ExitRecord>(bytes);
        ref var record = ref batch.Add(EventKind.ProcessTermination);
        record.Route = Termination;
        if (exit.CoreDumped != 0) record.Flags |= EventFlags.CoreDumped;
        RecordFields.Number(batch, Fields.ExitCode, exit.Code);
        RecordFields.Number(batch, Fields.ExitSignal, exit.Signal);
        batch.SetDetail(new ProcessDetail { ExitCode = (int)exit.Code, ExitSignal = (int)exit.Signal });
        return DecodeResult.Decoded;
    }

    private static bool Fits(in RecordSlice slice, uint end) => RecordFields.Fits(slice, Unsafe.SizeOf<ExecRecord>(), end); // hot

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
        if (IsRemote(exec.ExeMagic)) flags |= EventFlags.ImageRemote;
        return flags;
    }

    /// <summary>
    /// By statfs(2) and linux/magic.h: file systems behind which another host or program answers, or does not; so that nobody waits for it.
    /// </summary>
    private static bool IsRemote(uint magic) => magic is // hot
        0x65735546 // FUSE, virtiofs
        or 0x6969 // NFS
        or 0xFF534D42 or 0xFE534D42 or 0x517B // CIFS, SMB2, SMB
        or 0x01021997 // 9P
        or 0x00C36400 // Ceph
        or 0x5346414F or 0x6B414653 // AFS, kAFS
        or 0x73757245 // Coda
        or 0x01161970 or 0x7461636F // GFS2, OCFS2
        or 0x0BD00BD0 // Lustre
        or 0x20030528 // OrangeFS
        or 0x786F4256; // VirtualBox

    private static void Fill(ref ProcessDetail detail, in TaskKey parent, in Surroundings from) // hot
    {
        detail.ParentStartNs = parent.Start;
        detail.ParentPid = (int)parent.Tgid;
        StandingFields.Fill(ref detail, from);
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
