using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Fuzz.Targets;

/// <summary>A record of each kind to begin with, and what records are made of.</summary>
internal static class RecordSeeds
{
    private delegate void Fill<T>(ref T record, RecordSlice[] texts)
        where T : unmanaged;

    /// <summary>The inputs.</summary>
    public static IEnumerable<byte[]> All => Executions().Concat(Files()).Concat(Connections()).Concat(Names()).Concat(Calls());

    /// <summary>What mutations insert and put around parts.</summary>
    public static Vocabulary Vocabulary { get; } = new(
        [
            "\n%%\n"u8.ToArray(), [0], [1], [2], [4], [0xff], [0, 0, 0, 0], [1, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0x80],
            [0, 0, 0, 0, 0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "/"u8.ToArray(), "/../"u8.ToArray(), "./"u8.ToArray(), "/run/"u8.ToArray(),
            "pts12"u8.ToArray(), "LD_PRELOAD=/x\0"u8.ToArray(), "a\0b\0"u8.ToArray(), [0x30, 0], [0x31, 0], [0x15, 0], [0x45, 0], [0x60, 0], [6, 0], [0x10], [0x20],
            [0x40], [0x80], .. Enum.GetValues<RecordKind>().Select(kind => BitConverter.GetBytes((ushort)kind)),
        ],
        [("/"u8.ToArray(), "/"u8.ToArray()), ([0], [0]), ("\n%%\n\0"u8.ToArray(), [])]);

    private static IEnumerable<byte[]> Executions()
    {
        foreach (var kind in (RecordKind[])[RecordKind.Exec, RecordKind.Task])
        {
            yield return Made(kind, static (ref ExecRecord exec, RecordSlice[] texts) =>
            {
                (exec.Exe, exec.Root, exec.Cwd, exec.Cgroup, exec.Tty) = (texts[0], texts[1], texts[2], texts[3], texts[4]);
                (exec.File, exec.Environment, exec.Args) = (texts[5], texts[6], texts[7]);
                exec.Flags = ProcessFlags.Script;
            }, "/bin/x", "/", "/home", "/user.slice", "pts3", "/tmp/s", "LD_PRELOAD=x\0A=\0", "x\0-y\0two words\0");
            yield return Made(kind, static (ref ExecRecord exec, RecordSlice[] texts) =>
            {
                (exec.Exe, exec.Tty, exec.Args) = (texts[0], texts[1], texts[2]);
                (exec.Flags, exec.ExeMode, exec.ExeMagic) = (ProcessFlags.ExeDeleted | ProcessFlags.ArgsCut, 0x89ed, 0x6969);
            }, "/run/y", "tty1", "y");
        }

        yield return Made(RecordKind.Fork, static (ref ForkRecord fork, RecordSlice[] _) => fork.Parent = new TaskKey { Start = 3, Tgid = 41, Pid = 41 });
        yield return Made(RecordKind.Exit, static (ref ExitRecord exit, RecordSlice[] _) => (exit.Signal, exit.CoreDumped) = (11, 1));
    }

    private static IEnumerable<byte[]> Files()
    {
        for (var kind = RecordKind.FileCreate; kind <= RecordKind.FileNode; kind++)
        {
            yield return Made(kind, static (ref FileRecord file, RecordSlice[] texts) =>
            {
                (file.Target, file.Source, file.TargetFrom, file.SourceFrom) = (texts[0], texts[1], PathSource.Dentry, PathSource.Dentry);
                (file.Mode, file.MountNamespace, file.Call) = (0x81a4, 1, 2);
            }, "/etc/passwd", "/tmp/x");
        }

        yield return Made(RecordKind.FileRename, static (ref FileRecord file, RecordSlice[] texts) =>
        {
            (file.Target, file.TargetBase, file.Source, file.SourceBase, file.Root) = (texts[0], texts[1], texts[2], texts[3], texts[4]);
            (file.TargetFrom, file.SourceFrom, file.Follows) = (PathSource.Cwd, PathSource.Caller, FileFollows.Target);
            (file.Arguments[0], file.MountNamespace) = (2, 2);
        }, "../b/c", "/home/u", "/d/./e/..", "/f", "/jail");
        yield return Made(RecordKind.FileOpen, static (ref FileRecord file, RecordSlice[] texts) =>
        {
            (file.Target, file.TargetBase, file.TargetFrom, file.Follows) = (texts[0], texts[1], PathSource.Dirfd, FileFollows.Target);
            (file.Flags, file.MountNamespace) = (FileFlags.TargetCut, 1);
        }, "link/name", "/var");
        yield return Made(RecordKind.Uring, static (ref FileRecord file, RecordSlice[] texts) =>
            (file.Target, file.TargetFrom, file.Flags, file.Call) = (texts[0], PathSource.Cwd, FileFlags.ByUring, 18), "u");
    }

    private static IEnumerable<byte[]> Connections()
    {
        for (var kind = RecordKind.Connect; kind <= RecordKind.Datagram; kind++)
        {
            yield return Made(kind, static (ref NetworkRecord record, RecordSlice[] _) =>
            {
                (record.Ends, record.Flags, record.Error) = (Ends(6), NetworkFlags.Initiated, 111);
            });
        }
    }

    private static IEnumerable<byte[]> Names()
    {
        const string Question = "\u0001a\u0000\0\u0001\0\u0001";
        const string Query = "\0\u0007\u0001\0\0\u0001\0\0\0\0\0\0" + Question;
        const string Answer = "\0\u0007\u0081\u0080\0\u0001\0\u0001\0\0\0\0" + Question + "\u00c0\u000c\0\u0001\0\u0001\0\0\0\u003c\0\u0004\u00c0\0\u0002\u0001";
        foreach (var protocol in (ushort[])[6, 17])
        {
            var framing = protocol == 6;
            var query = Made(RecordKind.DnsQuery, Packet(protocol), framing ? "\0" + (char)Query.Length + Query : Query);
            var answer = Made(RecordKind.DnsAnswer, Packet(protocol), framing ? "\0" + (char)Answer.Length + Answer : Answer);
            var connection = Made(RecordKind.Connect, static (ref NetworkRecord record, RecordSlice[] _) => record.Ends = Ends(6));
            yield return query;
            yield return Steps.Joined(query, answer, connection);
        }

        static Fill<DnsRecord> Packet(ushort protocol) => (ref DnsRecord record, RecordSlice[] texts) =>
            (record.Ends, record.Socket, record.Payload) = (Ends(protocol), 9, texts[0]);
    }

    private static IEnumerable<byte[]> Calls()
    {
        for (var kind = RecordKind.SetId; kind <= RecordKind.Call; kind++)
        {
            if (kind is RecordKind.SetId or RecordKind.Capset or RecordKind.Unshare or RecordKind.Setns)
            {
                yield return Made(kind, static (ref StandingRecord record, RecordSlice[] texts) => FillCall(ref record.Call, texts), "a", "bc", "d=1");
                continue;
            }

            yield return Made(kind, static (ref CallRecord record, RecordSlice[] texts) => FillCall(ref record, texts), "a", "bc", "d=1");
        }
    }

    private static void FillCall(ref CallRecord call, RecordSlice[] texts)
    {
        for (var i = 0; i < texts.Length; i++) call.Texts[i] = texts[i];
        for (var i = 0; i < 6; i++) call.Arguments[i] = (ulong)i + 1;
        (call.Number, call.Target, call.Result) = (101, new TaskKey { Start = 1, Tgid = 2, Pid = 3 }, -13);
    }

    private static SocketEnds Ends(ushort protocol)
    {
        var ends = new SocketEnds { LocalPort = 40_000, RemotePort = 53, Family = SocketEnds.InterNetwork, Protocol = protocol, Network = 7 };
        ((ReadOnlySpan<byte>)[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1]).CopyTo(ends.Remote);
        return ends;
    }

    /// <summary>One record behind its first byte; each letter of a text is a byte.</summary>
    private static byte[] Made<T>(RecordKind kind, Fill<T> fill, params string[] texts)
        where T : unmanaged
    {
        var heap = texts.Select(Encoding.Latin1.GetBytes).ToList();
        var at = Unsafe.SizeOf<T>();
        var slices = new List<RecordSlice>();
        foreach (var text in heap)
        {
            slices.Add(new RecordSlice { Offset = (uint)at, Length = (uint)text.Length });
            at += text.Length;
        }

        var record = default(T);
        fill(ref record, [.. slices]);
        var fixedPart = new byte[Unsafe.SizeOf<T>()];
        MemoryMarshal.Write(fixedPart, record);
        MemoryMarshal.Write(fixedPart, new RecordHeader { Kind = kind, Length = (uint)at, Time = 9, Process = new TaskKey { Start = 5, Tgid = 42, Pid = 43 } });
        return [0, .. fixedPart, .. heap.SelectMany(text => text)];
    }
}
