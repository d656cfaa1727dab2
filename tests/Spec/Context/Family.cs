using System.Text;
using Picket.Detection.Context;
using Picket.Detection.Context.Ancestry;
using Picket.Detection.Events;

namespace Picket.Spec.Context;

/// <summary>Plays processes into a table, as the kernel's records would. A process's start is its pid unless said.</summary>
internal sealed class Family(ProcessTable table)
{
    private readonly EventBatch _batch = new(16, 64 * 1024);
    private ulong _now = 1_000_000_000;

    public Family() : this(NewTable())
    {
    }

    public static AncestryOptions Options { get; } = new(TimeSpan.FromSeconds(1), 1_000_000, 1L << 30, 4);

    public ProcessTable Table => table;

    public static ProcessTable NewTable() => new("boot", "/nonexistent", TimeSpan.FromSeconds(5), TimeProvider.System);

    public static ProcessKey KeyOf(int pid) => new((ulong)pid, pid);

    public static string Text(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);

    public ProcessContext Fork(int pid, int parent) => Apply(EventKind.ProcessFork, KeyOf(pid), parent, null);

    public ProcessContext Execute(int pid, int parent, string image) => Apply(EventKind.ProcessCreation, KeyOf(pid), parent, image);

    public ProcessContext Exit(int pid) => Apply(EventKind.ProcessTermination, KeyOf(pid), 0, null);

    /// <summary>A look at the kernel's list: each living process with the parent that it has by now.</summary>
    public void List(params IEnumerable<(int Pid, int Parent, string Image)> living)
    {
        table.BeginSweep();
        foreach (var (pid, parent, image) in living) Apply(EventKind.ProcessSnapshot, KeyOf(pid), parent, image);
        table.EndSweep(_now);
    }

    /// <summary>What is kept of it now.</summary>
    public AncestryState Select(AncestryOptions? options = null) => AncestrySelection.Of([.. table.Living], "boot", options ?? Options);

    /// <summary>The parents above a process, nearest first.</summary>
    public IEnumerable<ProcessContext> Above(int pid)
    {
        for (var at = table.Find(KeyOf(pid))!.Parent; at is not null; at = at.Parent) yield return at;
    }

    public ProcessContext Apply(EventKind kind, ProcessKey key, int parent, string? image)
    {
        _now += 1_000;
        _batch.Begin(new EventSource("test", "boot", null, 0), null);
        ref var record = ref _batch.Add(kind);
        record.Key = key;
        record.TimeNs = _now;
        if (image is not null)
        {
            _batch.AddText(Fields.Image, Encoding.UTF8.GetBytes(image));
            _batch.AddText(Fields.CommandLine, Encoding.UTF8.GetBytes("line of " + image));
        }

        _batch.SetDetail(new ProcessDetail { ParentPid = parent, ParentStartNs = (ulong)parent, LoginUid = uint.MaxValue, SessionId = uint.MaxValue });
        var context = table.Apply(_batch.View(0), out _)!;
        _batch.LetGo();
        return context;
    }
}
