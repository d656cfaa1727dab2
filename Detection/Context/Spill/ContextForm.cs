using System.Runtime.InteropServices;
using System.Text;
using Picket.Detection.Context.Containers;
using Picket.Detection.Context.Hashing;
using Picket.Detection.Events;

namespace Picket.Detection.Context.Spill;

/// <summary>
/// The processes of a frame: each once, a parent before its children, so that a frame says all that its alerts need, also to the
/// next run.
/// </summary>
internal sealed class ContextForm
{
    private readonly Dictionary<ProcessContext, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly List<ProcessContext> _contexts = [];
    private readonly Stack<ProcessContext> _chain = new();

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _numbers.Clear();
        _contexts.Clear();
    }

    /// <summary>The number of a context in the frame, which enters it with its ancestors when it is new; -1 for none.</summary>
    public int NumberOf(EventContext? context)
    {
        if (context is not ProcessContext process) return -1;
        if (_numbers.TryGetValue(process, out var known)) return known;
        for (var at = process; at is not null && _chain.Count <= ProcessContext.MaxAncestors && !_numbers.ContainsKey(at); at = at.Parent)
            _chain.Push(at);
        while (_chain.TryPop(out var next))
        {
            _numbers.Add(next, _contexts.Count);
            _contexts.Add(next);
        }

        return _numbers[process];
    }

    /// <summary>Writes all contexts, and notes whose hashes are not decided.</summary>
    public void Write(FrameWriter writer, LateHashes? late)
    {
        writer.Put(_contexts.Count);
        foreach (var context in _contexts)
        {
            var parent = context.Parent is { } above && _numbers.TryGetValue(above, out var number) ? number : -1;
            writer.Put(new Head
            {
                StartNs = context.Key.StartNs, Pid = context.Key.Pid, Parent = parent,
                Detail = context.Detail, Program = context.Program.Shape,
            });
            context.Program.Store(writer.Room(context.Program.StoredLength));
            var names = context.Names;
            writer.Put(names.Pid.AsSpan());
            writer.Put(names.ParentPid.AsSpan());
            writer.Put(names.User.AsSpan());
            writer.Put(names.LoginUser.AsSpan());
            writer.Put(names.LogonId.AsSpan());
            writer.Put(names.TerminalSessionId.AsSpan());
            writer.Put(names.EntityId.AsSpan());
            var container = context.Program.Container;
            writer.Put(container is null ? default : container.Id);
            writer.Put(container is null ? default : container.Runtime);
            writer.Put(container is null ? default : container.PodUid);
            // Noted first: what is decided in between is written, or found.
            late?.Note(context);
            var hashes = context.Program.Hashes;
            writer.Put((byte)(hashes is { IsUnsure: true } ? 1 : 0));
            writer.Put(hashes is null ? default : hashes.Text);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="IOException">The bytes contradict themselves.</exception>
    public static ProcessContext[] Read(ref FrameReader reader, LateHashes? late)
    {
        var contexts = new ProcessContext[reader.TakeCount()];
        for (var i = 0; i < contexts.Length; i++)
        {
            var head = reader.Take<Head>();
            if (head.Parent >= i) throw new IOException("a frame names a parent that comes later");
            var length = (long)head.Program.Executable + head.Program.CommandLine + head.Program.Directory
                + ((long)head.Program.Arguments * sizeof(int));
            if (length is < 0 or > int.MaxValue) throw new IOException("a frame's program has no length");
            var program = ProgramImage.Load(head.Program, reader.Take((int)length))
                ?? throw new IOException("a frame's program is damaged");
            var names = new ProcessNames(reader.TakeBytes().ToArray(), reader.TakeBytes().ToArray(), reader.TakeBytes().ToArray(),
                reader.TakeBytes().ToArray(), reader.TakeBytes().ToArray(), reader.TakeBytes().ToArray(), reader.TakeBytes().ToArray());
            var (id, runtime, pod) = (Text(reader.TakeBytes()), Text(reader.TakeBytes()), Text(reader.TakeBytes()));
            if (id.Length > 0) program = program.In(new ContainerFacts(id, runtime, pod));
            var unsure = reader.Take<byte>() != 0;
            var hashes = reader.TakeBytes();
            program.HashSlot = hashes.IsEmpty
                ? late?.Find(new ProcessKey(head.StartNs, head.Pid), head.Program.ExecutedNs)
                : HashSlot.Of(HashOutcome.Known, FileHashes.Read(hashes, unsure));
            var parent = head.Parent < 0 ? null : contexts[head.Parent];
            contexts[i] = new ProcessContext(new ProcessKey(head.StartNs, head.Pid), parent, program, head.Detail, names);
        }

        return contexts;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    [StructLayout(LayoutKind.Sequential)]
    private struct Head
    {
        public ulong StartNs;
        public int Pid;
        public int Parent;
        public ProcessDetail Detail;
        public ProgramShape Program;
    }
}
