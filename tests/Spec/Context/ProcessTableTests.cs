using System.Text;
using Picket.Detection.Context;
using Picket.Detection.Events;

namespace Picket.Spec.Context;

public sealed class ProcessTableTests : IDisposable
{
    private readonly string _passwd = Path.GetTempFileName();
    private readonly ProcessTable _table;
    private readonly EventBatch _batch = new(1024, 64 * 1024);

    public ProcessTableTests()
    {
        File.WriteAllText(_passwd, "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n");
        _table = new ProcessTable("boot", _passwd, TimeSpan.FromSeconds(1), TimeProvider.System);
    }

    public void Dispose() => File.Delete(_passwd);

    [Fact]
    public void A_fork_shares_its_parents_program_until_it_executes_its_own()
    {
        Snapshot(1, 0, "/sbin/init", "init");
        var child = Fork(2, 1);
        Assert.Equal("/sbin/init", Text(child.Program.Executable));
        Assert.Same(_table.Find(new ProcessKey(1, 1))!.Program, child.Program);

        var executed = Execute(2, 1, "/bin/bash", "bash\0-l");
        Assert.Equal("/bin/bash", Text(executed.Find(Fields.Image).Text));
        Assert.Equal("/sbin/init", Text(executed.Find(Fields.ParentImage).Text));
        Assert.Equal(2, executed.Program.ArgumentCount);
        Assert.Equal("bash", Text(executed.Program.Argument(0)));
        Assert.Equal("-l", Text(executed.Program.Argument(1)));
        Assert.Equal("boot-2-2", Text(executed.Find(Fields.ProcessGuid).Text));
    }

    [Fact]
    public void The_parent_is_the_one_at_the_fork_even_when_it_has_ended_or_become_another_program()
    {
        Snapshot(1, 0, "/sbin/init", "init");
        Fork(2, 1);
        Execute(2, 1, "/bin/dropper", "dropper");
        Fork(3, 2);
        Execute(2, 1, "/bin/sleep", "sleep");
        Exit(2, 1_000);
        var grandchild = Execute(3, 2, "/bin/nc", "nc");
        Assert.Equal("/bin/dropper", Text(grandchild.Find(Fields.ParentImage).Text));
        Assert.Equal("/sbin/init", Text(grandchild.Parent!.Parent!.Program.Executable));
    }

    [Fact]
    public void An_account_is_named_and_an_unknown_one_is_its_number()
    {
        Assert.Equal("alice", Text(Execute(5, 0, "/x", "x", uid: 1000).Find(Fields.User).Text));
        Assert.Equal("4242", Text(Execute(6, 0, "/x", "x", uid: 4242).Find(Fields.User).Text));
    }

    [Fact]
    public void An_ended_process_lingers_for_late_records_and_then_is_forgotten()
    {
        Execute(7, 0, "/x", "x");
        Exit(7, 1_000_000_000);
        _table.Expire(1_500_000_000);
        Assert.NotNull(_table.Find(new ProcessKey(7, 7)));
        _table.Expire(2_500_000_000);
        Assert.Null(_table.Find(new ProcessKey(7, 7)));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void Of_very_many_ended_processes_the_oldest_are_forgotten_before_their_time_unless_an_earlier_run_knew_them()
    {
        const int Ended = ProcessTable.MostLingering + 10;
        for (var pid = 1; pid <= Ended; pid++)
        {
            Execute(pid, 0, "/x", "x");
            Exit(pid, 1_000_000_000);
        }

        _table.Expire(1_000_000_001);
        Assert.Equal(ProcessTable.MostLingering, _table.Count);
        Assert.Null(_table.Find(new ProcessKey(10, 10)));
        Assert.NotNull(_table.Find(new ProcessKey(11, 11)));

        // Records of an earlier run may come again for as long as any: its processes wait for the whole time, and what ended after them too.
        var later = new ProcessTable("boot", _passwd, TimeSpan.FromSeconds(1), TimeProvider.System);
        for (var pid = 1; pid <= Ended; pid++) later.Restore(new ProcessKey((ulong)pid, pid), default, null);
        later.EndSweep(1_000_000_000);
        later.Expire(1_000_000_001);
        Assert.Equal(Ended, later.Count);
        later.Expire(2_000_000_001);
        Assert.Equal(0, later.Count);
    }

    [Fact]
    public void A_long_chain_of_dead_parents_is_not_kept_alive()
    {
        var weak = Chain(out var last);
        for (var i = 0; i < 20 && weak.IsAlive; i++) Collect();
        Assert.False(weak.IsAlive);
        var depth = 0;
        for (var at = last.Parent; at is not null; at = at.Parent) depth++;
        Assert.InRange(depth, ProcessContext.MaxAncestors, ProcessContext.MaxAncestors + 2);
    }

    [Fact]
    public void A_deep_chain_within_one_batch_costs_no_event_its_parent()
    {
        Execute(100, 0, "/c", "c");
        var contexts = new List<ProcessContext>();
        for (var pid = 101; pid < 101 + (3 * ProcessContext.MaxAncestors); pid++)
        {
            Fork(pid, pid - 1);
            contexts.Add(Execute(pid, pid - 1, $"/c{pid}", "c"));
        }

        Assert.All(contexts, context => Assert.True(context.Find(Fields.ParentImage).IsPresent && context.Parent is not null));
    }

    [Fact]
    public void A_parent_that_ended_while_nobody_read_the_ring_is_named_by_the_ring_and_not_by_the_list()
    {
        _table.BeginSweep();
        Snapshot(1, 0, "/sbin/init", "init");
        Snapshot(12, 1, "/bin/child", "child");
        Snapshot(13, 12, "/bin/grandchild", "grandchild");
        Execute(11, 1, "/bin/parent", "parent");
        _table.EndSweep(10);
        Fork(12, 11);
        Assert.Equal("/bin/parent", Text(_table.Find(new ProcessKey(12, 12))!.Find(Fields.ParentImage).Text));
        Assert.Equal("11", Text(_table.Find(new ProcessKey(12, 12))!.Find(Fields.ParentProcessId).Text));
        Assert.Equal("/bin/child", Text(_table.Find(new ProcessKey(12, 12))!.Program.Executable));
        Assert.Equal("/bin/parent", Text(_table.Find(new ProcessKey(13, 13))!.Parent!.Parent!.Program.Executable));
    }

    [Fact]
    public void A_snapshot_does_not_undo_what_the_ring_said()
    {
        Execute(9, 0, "/new", "new");
        Snapshot(9, 0, "/old", "old");
        Assert.Equal("/new", Text(_table.Find(new ProcessKey(9, 9))!.Program.Executable));
    }

    [Fact]
    public void Who_is_missing_from_the_kernels_list_has_ended_unseen()
    {
        Execute(10, 0, "/gone", "gone");
        Execute(11, 0, "/here", "here");
        Execute(5_000, 0, "/later", "later");
        _table.BeginSweep();
        Snapshot(11, 0, "/here", "here");
        var gone = _table.EndSweep(1_000);
        Assert.Equal(10, Assert.Single(gone).Key.Pid);
        Assert.NotNull(_table.Find(new ProcessKey(11, 11)));
        Assert.NotNull(_table.Find(new ProcessKey(5_000, 5_000)));
    }

    [Fact]
    public void A_child_that_the_kernel_lists_before_its_parent_finds_it()
    {
        _table.BeginSweep();
        Snapshot(7, 30_000, "/child", "child", 40_000);
        Snapshot(30_000, 0, "/parent", "parent");
        _table.EndSweep(50_000);
        Assert.Equal("/parent", Text(_table.Find(new ProcessKey(40_000, 7))!.Find(Fields.ParentImage).Text));
    }

    [Fact]
    public void The_end_of_an_unknown_process_has_a_context_and_leaves_nothing()
    {
        var change = Exit(99, 5);
        Assert.Equal(ProcessChange.None, change);
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void A_record_read_twice_changes_nothing()
    {
        Snapshot(1, 0, "/sbin/init", "init");
        Fork(2, 1);
        Execute(2, 1, "/bin/bash", "bash");
        Fork(2, 1, out var change);
        Assert.Equal(ProcessChange.None, change);
        Assert.Equal("/bin/bash", Text(_table.Find(new ProcessKey(2, 2))!.Program.Executable));
    }

    private WeakReference Chain(out ProcessContext last)
    {
        Execute(100, 0, "/c", "c");
        var first = new WeakReference(_table.Find(new ProcessKey(100, 100)));
        last = null!;
        for (var pid = 101; pid < 101 + (2 * ProcessContext.MaxAncestors); pid++)
        {
            last = Fork(pid, pid - 1);
            Exit(pid - 1, (ulong)pid * 10_000_000_000);
            _table.Expire((ulong)pid * 10_000_000_000 + 5_000_000_000);
        }

        return first;
    }

#pragma warning disable RS0030 // Whether an object is reachable can only be asked of the collector.
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
#pragma warning restore RS0030

    private ProcessContext Fork(int pid, int parent) => Fork(pid, parent, out _);

    private ProcessContext Fork(int pid, int parent, out ProcessChange change) =>
        Apply(EventKind.ProcessFork, pid, parent, null, null, 0, 10, out change);

    private ProcessContext Execute(int pid, int parent, string image, string args, uint uid = 0) =>
        Apply(EventKind.ProcessCreation, pid, parent, image, args, uid, 20, out _);

    private void Snapshot(int pid, int parent, string image, string args, ulong? start = null) =>
        Apply(EventKind.ProcessSnapshot, pid, parent, image, args, 0, 0, out _, start);

    private ProcessChange Exit(int pid, ulong timeNs)
    {
        Apply(EventKind.ProcessTermination, pid, 0, null, null, 0, timeNs, out var change);
        return change;
    }

    private ProcessContext Apply(EventKind kind, int pid, int parent, string? image, string? args, uint uid, ulong timeNs, out ProcessChange change, ulong? start = null)
    {
        _batch.Begin(new EventSource("test", "boot", null, 0), null);
        ref var record = ref _batch.Add(kind);
        record.Key = new ProcessKey(start ?? (ulong)pid, pid);
        record.TimeNs = timeNs;
        var detail = new ProcessDetail
        {
            ParentPid = parent, ParentStartNs = (ulong)parent, Uid = uid, EffectiveUid = uid, LoginUid = uint.MaxValue, SessionId = uint.MaxValue,
        };
        if (args is not null)
        {
            var line = Encoding.UTF8.GetBytes(args.Replace('\0', ' '));
            _batch.AddText(Fields.CommandLine, line);
            var ends = new List<int>();
            for (var i = 0; i < args.Length; i++)
            {
                if (args[i] == '\0') ends.Add(i);
            }

            ends.Add(line.Length);
            var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(ends.ToArray().AsSpan());
            detail.ArgumentEndsOffset = _batch.Append(bytes);
            detail.ArgumentCount = ends.Count;
        }

        if (image is not null) _batch.AddText(Fields.Image, Encoding.UTF8.GetBytes(image));
        _batch.SetDetail(detail);
        var context = _table.Apply(_batch.View(0), out change)!;
        _batch.LetGo();
        return context;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
